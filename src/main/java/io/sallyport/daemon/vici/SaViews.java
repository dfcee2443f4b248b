package io.sallyport.daemon.vici;

import io.sallyport.ike.IkeEngine;
import io.sallyport.model.command.IkeSaView;
import java.util.List;

/// The IKE SAs of the engine: all, or a peer's. To be asked on the IKE loop's thread only.
interface SaViews {
    List<IkeSaView> all();

    /// Those with the peer of this one; none if it is gone.
    List<IkeSaView> beside(IkeSaView.Keys keys);

    /// Those with the peer whose child SA this is; none if it is gone.
    List<IkeSaView> beside(long childSaId);

    static SaViews of(IkeEngine engine) {
        return new SaViews() {
            @Override
            public List<IkeSaView> all() {
                return engine.views();
            }

            @Override
            public List<IkeSaView> beside(IkeSaView.Keys keys) {
                return engine.viewsBeside(keys);
            }

            @Override
            public List<IkeSaView> beside(long childSaId) {
                return engine.viewsBeside(childSaId);
            }
        };
    }
}
