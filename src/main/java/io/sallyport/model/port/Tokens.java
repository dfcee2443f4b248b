package io.sallyport.model.port;

import io.sallyport.base.Octets;
import io.sallyport.base.Secret;
import io.sallyport.model.trust.HeldKey;
import java.util.List;
import java.util.OptionalLong;

/// Smart cards and security modules, by PKCS#11. All of it may wait for a device: called off every
/// loop, by any thread.
public interface Tokens {
    /// Where there are none.
    Tokens NONE = new None();

    /// Where on which token.
    ///
    /// @param modules files of the libraries that know tokens; one of them has it
    /// @param slot empty: that of whichever token has it
    /// @param handle its CKA_ID
    record Place(List<String> modules, OptionalLong slot, Octets handle) {
        public Place {
            modules = List.copyOf(modules);
        }
    }

    /// The certificate at `place`, in DER.
    Octets certificate(Place place) throws Unread;

    /// The private key at `place`. A PIN that a token refused is not shown to it again: it would
    /// lock itself.
    ///
    /// @param pin empty: the token shows the key to everybody
    HeldKey key(Place place, Secret pin) throws Unread;

    /// What is not there, or not for us; the message is for a person, and has no PIN in it.
    final class Unread extends Exception {
        private static final long serialVersionUID = 1;

        public Unread(String why) {
            super(why, null, false, false);
        }

        /// Which module and slot, and what it said.
        public String why() {
            return String.valueOf(getMessage());
        }
    }

    /// Refuses.
    record None() implements Tokens {
        private static final String WHY = "there are no tokens (PKCS#11) here";

        @Override
        public Octets certificate(Place place) throws Unread {
            throw new Unread(WHY);
        }

        @Override
        public HeldKey key(Place place, Secret pin) throws Unread {
            throw new Unread(WHY);
        }
    }
}
