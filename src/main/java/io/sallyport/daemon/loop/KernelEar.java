package io.sallyport.daemon.loop;

import io.sallyport.base.net.Path;
import io.sallyport.drivers.xfrm.KernelNews;
import io.sallyport.drivers.xfrm.XfrmBackend;
import io.sallyport.ike.machine.Input;
import io.sallyport.model.sa.VolumeMark;
import java.util.function.Consumer;

/// Makes inputs of the engine out of what the kernel tells of its states and policies.
public final class KernelEar implements Consumer<KernelNews> {
    private final XfrmBackend backend;
    private final IkeLoop loop;

    public KernelEar(XfrmBackend backend, IkeLoop loop) {
        this.backend = backend;
        this.loop = loop;
    }

    /// Any thread; the backend belongs to the loop's.
    @Override
    public void accept(KernelNews news) {
        var _ =
                loop.ask(
                        "what the kernel told",
                        _ -> {
                            take(news);
                            return true;
                        });
    }

    private void take(KernelNews news) {
        switch (news) {
            case KernelNews.Acquired(int reqid) ->
                    backend.owner(reqid)
                            .ifPresent(
                                    o -> loop.offer(new Input.Acquire(o.connection(), o.child())));
            case KernelNews.Expired(int spi, boolean hard) ->
                    backend.withSpi(spi)
                            .ifPresent(id ->
                                    loop.offer(
                                            new Input.VolumeSpent(
                                                    id, hard ? VolumeMark.OVER : VolumeMark.SOFT)));
            case KernelNews.Moved(int spi, var peer) ->
                    backend.withSpi(spi)
                            .ifPresent(id ->
                                    backend.path(id)
                                            .ifPresent(path ->
                                                    loop.offer(
                                                            new Input.PeerMoved(
                                                                    id,
                                                                    new Path(
                                                                            path.local(), peer)))));
        }
    }
}
