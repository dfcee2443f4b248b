package io.sallyport.ike.v2.task;

import io.sallyport.wire.ike.v2.ExchangeType;
import io.sallyport.wire.ike.v2.Notify;
import io.sallyport.wire.ike.v2.PayloadChain;
import java.util.List;
import java.util.function.Consumer;

/// Tells the peer something by INFORMATIONAL that asks for no more than that it was heard.
public final class Say implements Task {
    private final String name;
    private final List<Notify> what;
    private final Consumer<PayloadChain> answered;

    /// @param name for people
    public Say(String name, List<Notify> what) {
        this(name, what, _ -> {});
    }

    /// @param answered takes what the answer says
    public Say(String name, List<Notify> what, Consumer<PayloadChain> answered) {
        this.name = name;
        this.what = List.copyOf(what);
        this.answered = answered;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Step begin(long now) {
        return new Step.Send(ExchangeType.INFORMATIONAL, List.copyOf(what));
    }

    @Override
    public Step onAnswer(PayloadChain answer, long now) {
        answered.accept(answer);
        return new Step.Done();
    }
}
