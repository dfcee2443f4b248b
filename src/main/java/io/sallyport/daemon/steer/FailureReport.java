package io.sallyport.daemon.steer;

import io.sallyport.control.view.FailureView;
import io.sallyport.control.view.TermsView;
import io.sallyport.model.event.Account;
import io.sallyport.model.event.Failure;
import io.sallyport.model.event.Terms;
import java.time.temporal.ChronoUnit;
import java.util.List;

/// Failures as people see them.
final class FailureReport {
    private FailureReport() {}

    static List<FailureView> of(List<FailureLedger.Record> records) {
        return records.stream().map(FailureReport::view).toList();
    }

    private static FailureView view(FailureLedger.Record record) {
        Failure failure = record.failure();
        Account account = failure.account();
        return new FailureView(
                failure.connection(),
                failure.peer(),
                account.child(),
                failure.exchange(),
                account.initiator() ? "initiator" : "responder",
                failure.cause().word(),
                failure.cause().summary(),
                failure.reason(),
                account.proven(),
                record.suspected(),
                failure.ours(),
                failure.theirs(),
                terms(account.us()),
                terms(account.them()),
                account.verdict(),
                failure.origin().toString(),
                failure.cause().advice(),
                record.times(),
                record.first().truncatedTo(ChronoUnit.MILLIS).toString(),
                record.last().truncatedTo(ChronoUnit.MILLIS).toString(),
                record.mended()
                        .map(at -> at.truncatedTo(ChronoUnit.MILLIS).toString())
                        .orElse(null));
    }

    private static TermsView terms(Terms terms) {
        return new TermsView(
                terms.identity(), terms.wanted(), terms.proposals(), terms.selectors());
    }
}
