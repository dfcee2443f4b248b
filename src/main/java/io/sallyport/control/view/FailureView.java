package io.sallyport.control.view;

import org.jspecify.annotations.Nullable;

/// Why a negotiation failed.
///
/// @param connection empty: none is for this peer
/// @param peer address and port
/// @param child that it was about; empty: the IKE SA
/// @param cause its kind, e.g. `no-proposal`
/// @param summary the kind in words
/// @param role ours in the IKE SA: `initiator` or `responder`
/// @param proven whether the peer had proved who it is; if not, anybody may have said what `them`
///   says
/// @param suspected it has not failed yet, but most likely will
/// @param ours what decided, as we had it
/// @param theirs the same of the peer
/// @param verdict on the peer's proof; empty: none was reached
/// @param decided the line of configuration that decided, `FILE:LINE`
/// @param advice what to do next
/// @param times that the same happened
/// @param first when, ISO 8601 in UTC; so are `last` and `mended`
/// @param mended when it went well after `last`; null: it did not
public record FailureView(
        String connection,
        String peer,
        String child,
        String exchange,
        String role,
        String cause,
        String summary,
        String reason,
        boolean proven,
        boolean suspected,
        String ours,
        String theirs,
        TermsView us,
        TermsView them,
        String verdict,
        String decided,
        String advice,
        int times,
        String first,
        String last,
        @Nullable String mended) {}
