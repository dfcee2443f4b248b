package io.sallyport.cli.verb;

import io.sallyport.cli.console.Console;
import io.sallyport.cli.console.Printable;
import io.sallyport.control.local.Exit;
import io.sallyport.control.local.Trouble;
import io.sallyport.control.view.Answer;

/// The daemon's answer to a wish, told to a person.
final class Answers {
    private Answers() {}

    /// Prints what was done.
    ///
    /// @throws Trouble if it was refused
    static int told(Answer answer, Console console) throws Trouble {
        granted(answer);
        console.out().println(Printable.of(answer.text()));
        console.out().flush();
        return Exit.OK.code();
    }

    static Answer granted(Answer answer) throws Trouble {
        if (!answer.done()) {
            throw new Trouble(Exit.NO, Printable.of(answer.text()), Printable.of(answer.next()));
        }
        return answer;
    }
}
