package io.sallyport.ipsec.sad;

import io.sallyport.crypto.engine.PacketCipher;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/// Ciphers of removed SAs on their way from the IKE loop to the worker that may still be using
/// them. The IKE loop first unpublishes the SA, then [#retire]s its cipher; the worker calls
/// [#forget] between two bursts, when it holds no SA. So keys are wiped by the only thread that
/// could have been using them, without a lock; an idle worker must look in now and then, which an
/// empty burst does.
public final class RetiredKeys {
    private static final VarHandle HEAD;

    static {
        try {
            HEAD = MethodHandles.lookup().findVarHandle(RetiredKeys.class, "head", Link.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private record Link(PacketCipher cipher, @Nullable Link next) {}

    private volatile @Nullable Link head;

    /// The IKE loop only.
    public void retire(PacketCipher cipher) {
        Link was;
        do {
            was = head;
        } while (!HEAD.compareAndSet(this, was, new Link(cipher, was)));
    }

    /// The worker, between bursts: closes what was retired, and tells how many that were.
    public int forget() {
        if (head == null) {
            return 0;
        }
        int count = 0;
        for (Link l = (Link) HEAD.getAndSet(this, null); l != null; l = l.next()) {
            l.cipher().close();
            count++;
        }
        return count;
    }
}
