package io.sallyport.daemon.loop;

import io.sallyport.base.packet.Lane;
import io.sallyport.base.packet.PacketBatch;
import io.sallyport.base.telemetry.DropCounters;
import io.sallyport.control.view.RoadView;
import io.sallyport.drivers.tun.TunDevice;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The TUNs, or one queue of each, by the number that their packets carry. The outbound worker
/// changes the table, it and the inbound worker of the same number read it. A device takes one
/// writer at a time, and these are two: both write under its lock.
public final class Tuns {
    private volatile @Nullable TunDevice[] byNumber = new TunDevice[0];
    private final List<DropCounters> drops = new ArrayList<>();

    synchronized void add(TunDevice device) {
        @Nullable TunDevice[] more =
                Arrays.copyOf(byNumber, Math.max(byNumber.length, device.link() + 1));
        more[device.link()] = device;
        byNumber = more;
        drops.add(device.drops());
        drops.add(device.readDrops());
    }

    /// Takes a device out; when this returns nobody here writes to it any more.
    synchronized void remove(TunDevice device) {
        @Nullable TunDevice[] fewer = byNumber.clone();
        fewer[device.link()] = null;
        synchronized (device) {
            byNumber = fewer;
        }
    }

    @Nullable TunDevice get(int number) {
        @Nullable TunDevice[] table = byNumber;
        return number >= 0 && number < table.length ? table[number] : null;
    }

    /// The name of a TUN, also for people; that of its number if it is gone.
    public String name(int number) {
        TunDevice device = get(number);
        return device == null ? "TUN " + number : device.name();
    }

    /// What the kernel agreed to for each TUN. Any thread.
    public List<RoadView.Port> offloads() {
        List<RoadView.Port> all = new ArrayList<>();
        for (TunDevice device : byNumber) {
            if (device != null) {
                all.add(new RoadView.Port(device.toString(), device.offload().text()));
            }
        }
        return all;
    }

    /// Writes every packet of lane TUN to its device; one whose device is gone goes no further.
    void write(PacketBatch batch) {
        @Nullable TunDevice[] table = byNumber;
        long done = 0;
        for (int i = 0; i < batch.count(); i++) {
            int link = batch.link(i);
            if (batch.lane(i) == Lane.TUN && link < table.length && (done >>> i & 1) == 0) {
                TunDevice device = table[link];
                for (int k = i; k < batch.count(); k++) {
                    if (batch.link(k) == link) {
                        done |= 1L << k;
                    }
                }
                if (device != null) {
                    synchronized (device) {
                        if (get(link) == device) {
                            device.write(batch);
                        }
                    }
                }
            }
        }
    }

    /// What the TUNs did not take, of those that are gone, too.
    public synchronized List<DropCounters> drops() {
        return List.copyOf(drops);
    }
}
