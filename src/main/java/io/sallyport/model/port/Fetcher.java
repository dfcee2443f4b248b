package io.sallyport.model.port;

import io.sallyport.base.Octets;

/// Fetches what authorities publish: revocation lists and answers of OCSP. Waits, so it is called
/// off every loop, by any thread; it is handed only what a trusted authority or the configuration
/// names.
public interface Fetcher {
    /// Fetches nothing, for who has no network.
    Fetcher NONE =
            request -> {
                throw new Unfetched(request.uri() + ": nothing is fetched");
            };

    /// Returns what is there; never more than was asked for.
    Octets fetch(Request request) throws Unfetched;

    /// @param body sent by POST; empty: GET
    /// @param type of the body, e.g. `application/ocsp-request`
    /// @param mostOctets an answer that is longer is refused
    record Request(String uri, Octets body, String type, int mostOctets) {
        public static Request get(String uri, int mostOctets) {
            return new Request(uri, Octets.EMPTY, "", mostOctets);
        }
    }

    /// Nothing came, or not what was asked for; the message names the URI.
    final class Unfetched extends Exception {
        private static final long serialVersionUID = 1;

        public Unfetched(String why) {
            super(why, null, false, false);
        }
    }
}
