package io.sallyport.control.vici;

import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// One caller. Its commands run one after the other on the reading thread; what is sent goes
/// through a queue to a writing thread, so that whoever tells an event never waits for a slow
/// reader. A caller that lets the queue fill with events is sent away: what it would miss it could
/// not know of.
final class ViciSession {
    private static final int QUEUE = 1024;

    private final ViciChannel channel;
    private final ViciOperator operator;
    private final Consumer<ViciSession> ended;
    private final Set<ViciEvent> registered = EnumSet.noneOf(ViciEvent.class);
    private final BlockingQueue<Optional<ViciPacket>> outgoing = new ArrayBlockingQueue<>(QUEUE);
    private ViciOperator.@Nullable Listening listening;

    ViciSession(SocketChannel caller, ViciOperator operator, Consumer<ViciSession> ended) {
        this.channel = new ViciChannel(caller);
        this.operator = operator;
        this.ended = ended;
    }

    void serve() {
        Thread reader = Thread.currentThread();
        Thread writer = Thread.ofVirtual().name("vici-writer").start(() -> write(reader));
        try {
            Optional<ViciPacket> packet = channel.read();
            while (packet.isPresent() && take(packet.get())) {
                packet = channel.read();
            }
        } catch (IOException | ViciException _) {
            // The caller went away, or does not speak vici: charon hangs up as well.
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } finally {
            stopListening();
            finish(writer);
            close();
            ended.accept(this);
        }
    }

    /// What was answered still goes out, unless the caller reads nothing any more.
    private void finish(Thread writer) {
        try {
            if (outgoing.offer(Optional.empty())) {
                writer.join(Duration.ofSeconds(1));
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        writer.interrupt();
    }

    /// Writes until the end is queued. When the caller is gone it goes on taking, so that nobody
    /// waits for room in the queue.
    private void write(Thread reader) {
        boolean open = true;
        try {
            for (Optional<ViciPacket> packet = outgoing.take();
                    packet.isPresent();
                    packet = outgoing.take()) {
                open = open && sent(packet.get(), reader);
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean sent(ViciPacket packet, Thread reader) {
        try {
            channel.write(packet);
            return true;
        } catch (IOException _) {
            close(); // the reading thread ends with it,
            reader.interrupt(); // also where it waits within a command
            return false;
        }
    }

    /// False at the end of the session.
    private boolean take(ViciPacket packet) throws InterruptedException {
        switch (packet) {
            case ViciPacket.Request(String command, ViciMessage message) -> {
                return answer(command, message);
            }
            case ViciPacket.Register(String event) ->
                    outgoing.put(Optional.of(confirm(ViciEvent.of(event), true)));
            case ViciPacket.Unregister(String event) ->
                    outgoing.put(Optional.of(confirm(ViciEvent.of(event), false)));
            case ViciPacket.Response _,
                    ViciPacket.UnknownCommand _,
                    ViciPacket.Confirmed _,
                    ViciPacket.UnknownEvent _,
                    ViciPacket.Event _ -> {
                return false; // only we say such things
            }
        }
        return true;
    }

    private boolean answer(String command, ViciMessage request) throws InterruptedException {
        Optional<ViciCommand> known = ViciCommand.of(command);
        if (known.isEmpty()) {
            outgoing.put(Optional.of(new ViciPacket.UnknownCommand()));
            return true;
        }
        try {
            ViciMessage answer = operator.answer(known.get(), request, new Stream());
            outgoing.put(Optional.of(new ViciPacket.Response(answer)));
            return true;
        } catch (RuntimeException bug) {
            // House rule: "a bug ends the session, never the daemon".
            ViciMessage sorry =
                    ViciMessage.with()
                            .put("success", "no")
                            .put("errmsg", "a bug in sallyport: " + bug)
                            .done();
            outgoing.put(Optional.of(new ViciPacket.Response(sorry)));
            return false;
        }
    }

    private ViciPacket confirm(Optional<ViciEvent> event, boolean on) {
        if (event.isEmpty()) {
            return new ViciPacket.UnknownEvent();
        }
        boolean changed;
        boolean idle;
        synchronized (registered) {
            changed = on ? registered.add(event.get()) : registered.remove(event.get());
            idle = registered.isEmpty();
        }
        if (idle) {
            stopListening();
        } else if (listening == null) {
            listening = operator.listen(new Happening());
        } else if (on && changed) {
            listening.more();
        }
        return on || changed ? new ViciPacket.Confirmed() : new ViciPacket.UnknownEvent();
    }

    private void stopListening() {
        ViciOperator.Listening all = listening;
        listening = null;
        if (all != null) {
            all.close();
        }
    }

    private boolean wanted(ViciEvent event) {
        synchronized (registered) {
            return registered.contains(event);
        }
    }

    void close() {
        try {
            channel.close();
        } catch (IOException _) {
            // closed enough
        }
    }

    /// The events of a request wait for room: the asker reads them, or waits for ever.
    private final class Stream implements ViciOperator.Sink {
        @Override
        public void tell(ViciEvent event, ViciMessage message) {
            if (!wanted(event)) {
                return;
            }
            try {
                outgoing.put(Optional.of(new ViciPacket.Event(event.toString(), message)));
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            }
        }

        @Override
        public boolean wants(ViciEvent event) {
            return wanted(event);
        }
    }

    /// What happens by itself is told by threads that must not wait.
    private final class Happening implements ViciOperator.Sink {
        @Override
        public void tell(ViciEvent event, ViciMessage message) {
            if (wanted(event)
                    && !outgoing.offer(
                            Optional.of(new ViciPacket.Event(event.toString(), message)))) {
                close();
            }
        }

        @Override
        public boolean wants(ViciEvent event) {
            return wanted(event);
        }
    }
}
