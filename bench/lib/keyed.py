"""Two gateways with many tunnels by manual keys."""
import os, time

from pairs import HERE, Pair, awaited, sh


class Keyed(Pair):
    """Two gateways with many tunnels by manual keys."""

    source, target = "10.64.0.1", "10.128.0.1"

    def start(self):
        count = self.options["pairs"]
        begun = time.monotonic()
        for side, me, peer, nets in ((1, 2, 1, (128, 64)), (0, 1, 2, (64, 128))):
            confs = []
            for begin in range(0, count, 5000):  # a file may have 100,000 settings and sections
                confs.append(os.path.join(self.folder[side], f"{begin}.swanctl.conf"))
                with open(confs[-1], "w") as f:
                    f.write("manual {\n")
                    for i in range(begin, min(count, begin + 5000)):
                        ours, theirs = (f"10.{net + (i >> 16)}.{i >> 8 & 255}.{i & 255}/32" for net in nets)
                        to_b, to_a = ((spi, f"0x{(spi * 0x9e3779b97f4a7c15 << 96 | spi) & (1 << 160) - 1:040x}")
                                      for spi in (0x10000 + 2 * i, 0x10001 + 2 * i))
                        into, out = (to_b, to_a) if side else (to_a, to_b)
                        f.write(f"m{i} {{\nlocal_addr = 192.0.2.{me}\nremote_addr = 192.0.2.{peer}\nmode = tunnel\nlocal_ts = {ours}\n"
                                f"remote_ts = {theirs}\nesp = aes128gcm16\nnonce_reuse = accepted\nreplay_window = 64\n"
                                f"in {{\nesp_spi = {into[0]}\nesp_encryption_key = {into[1]}\n}}\n"
                                f"out {{\nesp_spi = {out[0]}\nesp_encryption_key = {out[1]}\n}}\n}}\n")
                    f.write("}\n")
                os.chmod(confs[-1], 0o600)
            n = self.ns[side]
            sh(f"ip -n {n} route add local 10.{nets[0]}.0.0/10 dev lo")
            self.gateways.append(self.spawn(side, [os.path.join(HERE, "sallyport"), "run", *confs, "--socket", self.socket(side)],
                                            "log", {"SALLYPORT_JAVA_OPTS": self.options["java"]}))
        here, there = self.ends(count - 1)
        awaited(f"{count} tunnels", lambda: "1 received" in sh(
            f"ip netns exec {self.ns[0]} ping -c1 -W1 -n -I {here} {there}", False), 180 + count // 100)
        self.loaded = time.monotonic() - begun

    @staticmethod
    def ends(i):
        """The inner addresses of a tunnel, a's first."""
        return [f"10.{net + (i >> 16)}.{i >> 8 & 255}.{i & 255}" for net in (64, 128)]

    def socket(self, side):
        return os.path.join(self.folder[side], "sock")
