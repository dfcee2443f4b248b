"""The contenders: two network namespaces each, joined by a veth of MTU 1500, a gateway in either."""
import json, os, re, secrets, socket, statistics, subprocess, tempfile, time

HERE = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
CHARON = "/usr/lib/ipsec/charon"
WIREGUARD = "wireguard-go"
TICK = os.sysconf("SC_CLK_TCK")
FOLDER = tempfile.mkdtemp(prefix="sallyport-bench-")


def sh(line, check=True):
    done = subprocess.run(line, shell=True, capture_output=True, text=True)
    if check and done.returncode:
        raise SystemExit(f"bench: {line}\n{done.stdout}{done.stderr}")
    return done.stdout


def awaited(what, probe, seconds=20):
    """Asks until there is an answer; `what` is for the person who waits in vain."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        answer = probe()
        if answer:
            return answer
        time.sleep(0.05)
    raise SystemExit(f"bench: {what}: not within {seconds} s")


class Pair:
    """Two namespaces, one gateway in each. Subclasses start the gateways and name the inner addresses."""

    trains = True  # whether it can send UDP in trains, so that the veth's segmentation matters

    def __init__(self, number, name, options):
        self.number, self.name, self.options = number, name, options
        self.ns = [f"speed-{os.getpid()}-{number}{side}" for side in "ab"]
        self.folder = [os.path.join(FOLDER, f"{number}{side}") for side in "ab"]
        self.gateways, self.helpers = [], []

    def wire(self):
        a, b = self.ns
        for n, f in zip(self.ns, self.folder):
            os.makedirs(f)
            sh(f"ip netns add {n} && ip -n {n} link set lo up")
        sh(f"ip link add va netns {a} type veth peer name vb netns {b}")
        for n, link, address in ((a, "va", 1), (b, "vb", 2)):
            sh(f"ip -n {n} addr add 192.0.2.{address}/24 dev {link} && ip -n {n} link set {link} up")
            sh(f"ip -n {n} addr add 192.0.2.1{address}/24 dev {link}")
            sh(f"ip netns exec {n} sysctl -qw net.ipv4.conf.all.rp_filter=0 net.ipv4.conf.default.rp_filter=0")

    def udp_segmentation(self, on):
        for n, link in zip(self.ns, ("va", "vb")):
            sh(f"ip netns exec {n} ethtool -K {link} tx-udp-segmentation {'on' if on else 'off'}")

    def spawn(self, side, command, log, env=None):
        with open(os.path.join(self.folder[side], log), "w") as out:
            return subprocess.Popen(["ip", "netns", "exec", self.ns[side]] + command, stdout=out, stderr=out,
                                    env={**os.environ, **(env or {})})

    def ready(self):
        """Waits for the tunnel, and for iperf3 behind it."""
        for _ in range(100):
            if "1 received" in sh(f"ip netns exec {self.ns[0]} ping -c1 -W1 -n {self.target}", False):
                break
            time.sleep(0.2)
        else:
            tails = "".join(sh(f"tail -n 15 {f}/log", False) for f in self.folder)
            raise SystemExit(f"bench: {self.name}: the tunnel does not come up\n{tails}")
        self.helpers.append(self.spawn(1, ["iperf3", "-s", "-B", self.target], "iperf"))
        awaited("iperf3", lambda: "5201" in sh(f"ip netns exec {self.ns[1]} ss -Hltn sport = :5201", False))

    def processor(self):
        """Seconds that both gateways have used."""
        total = 0
        for p in self.gateways:
            with open(f"/proc/{p.pid}/stat") as f:
                fields = f.read().rsplit(")", 1)[1].split()
            total += int(fields[11]) + int(fields[12])
        return total / TICK

    def iperf(self, arguments, seconds):
        before = self.processor()
        out = sh(f"ip netns exec {self.ns[0]} timeout {seconds + 15} iperf3 -c {self.target} -B {self.source} "
                 f"-t {seconds} -J {arguments}", False)
        used = self.processor() - before
        try:
            return json.loads(out)["end"], used
        except (ValueError, KeyError):
            return None, used

    def single(self, seconds):
        """TCP x1, and what it costs."""
        row = {}
        end, used = self.iperf("", seconds)
        if end and "sum_received" in end:
            octets = end["sum_received"]["bytes"]
            row["tcp1"] = end["sum_received"]["bits_per_second"] / 1e9
            row["core_ns"] = used * 1e9 / max(1, octets / 1400)
        return row

    def small(self, seconds):
        """Packets of 64 octets that arrive, in thousands a second."""
        end, _ = self.iperf("-u -b 0 -l 64", seconds)
        if not end or not end.get("sum", {}).get("seconds"):
            return {}
        got = end["sum"]["packets"] - end["sum"]["lost_packets"]
        return {"kpps64": got / end["sum"]["seconds"] / 1e3}

    def measure(self, seconds, full):
        row = self.single(seconds + 1)
        if full:
            row.update(self.four(seconds))
            end, _ = self.iperf("--bidir", seconds)
            if end and "sum_received" in end:
                row["bidir"] = (end["sum_received"]["bits_per_second"]
                                + end.get("sum_received_bidir_reverse", {}).get("bits_per_second", 0)) / 1e9
        row.update(self.small(seconds))
        return row

    def four(self, seconds):
        """TCP x4, and how long a ping takes meanwhile: most of the load is on, so it waits behind it."""
        ping = subprocess.Popen(
            f"ip netns exec {self.ns[0]} ping -q -n -i 0.01 -c {int(seconds * 80)} -w {int(seconds) + 5} {self.target}",
            shell=True, stdout=subprocess.PIPE, text=True)
        end, _ = self.iperf("-P 4", seconds)
        found = re.search(r"= [\d.]+/([\d.]+)/", ping.communicate()[0])
        row = {"rtt": float(found.group(1))} if found else {}
        if end and "sum_received" in end:
            row["tcp4"] = end["sum_received"]["bits_per_second"] / 1e9
        return row

    def down(self):
        for p in self.helpers + self.gateways:
            if p.poll() is None:
                p.terminate()
        for p in self.helpers + self.gateways:
            try:
                p.wait(12)
            except subprocess.TimeoutExpired:
                p.kill()
        for n in self.ns:
            sh(f"ip netns del {n}", False)


class Control:
    """A caller of one of our daemons: one JSON object a line, both ways."""

    def __init__(self, path):
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.settimeout(30)
        self.socket.connect(path)
        self.lines = self.socket.makefile("rw")

    def ask(self, verb, **arguments):
        self.lines.write(json.dumps({"verb": verb, "arguments": arguments}) + "\n")
        self.lines.flush()
        return json.loads(self.lines.readline())

    def status(self):
        return self.ask("status")["answer"]

    def state(self, connection):
        return next(t["state"]["name"] for t in self.status()["tunnels"] if t["connection"] == connection)


class Ours(Pair):
    source, target = "169.254.23.6", "169.254.23.5"
    # A second connection between other addresses: its handshakes are timed while the first is loaded.
    CONF = """conn t
\tauto={auto}
\tleft=192.0.2.{me}
\tright=192.0.2.{peer}
\tauthby=secret
\tkeyexchange=ikev1
\tike=aes128-sha1-modp2048
\tesp={esp}-modp2048
\tforceencaps={encaps}
\tkeyingtries=%forever
\tleftsubnet=0.0.0.0/0
\trightsubnet=0.0.0.0/0
\tmark=100
\tleftupdown="/etc/ipsec.d/aws-updown.sh -ln vti -ll {inside} -lr {outside} -m 100 -r 10.{peer}.0.0/16"

conn again
\tauto=add
\tleft=192.0.2.1{me}
\tright=192.0.2.1{peer}
\tauthby=secret
\tkeyexchange=ikev1
\tike=aes128-sha1-modp2048
\tesp={esp}-modp2048
\tleftsubnet=10.9{me}.0.0/16
\trightsubnet=10.9{peer}.0.0/16
"""

    def __init__(self, number, name, options):
        super().__init__(number, name, options)
        self.trains = options["udp"]

    def socket(self, side):
        return os.path.join(self.folder[side], "sock")

    def start(self):
        o = self.options
        for side, me, peer, auto, inside, outside in (
                (1, 2, 1, "add", "169.254.23.5/30", "169.254.23.6/30"),
                (0, 1, 2, "start", "169.254.23.6/30", "169.254.23.5/30")):
            conf = os.path.join(self.folder[side], "ipsec.conf")
            with open(conf, "w") as f:
                f.write(self.CONF.format(auto=auto, me=me, peer=peer, inside=inside, outside=outside,
                                         esp=o["esp"], encaps="yes" if o["udp"] else "no",
                                         copy_df=o.get("copy_df", "no")))
            pre_shared = os.path.join(self.folder[side], "ipsec.secrets")
            with open(pre_shared, "w") as f:
                for ten in ("", "1"):
                    f.write(f'192.0.2.{ten}{me} 192.0.2.{ten}{peer} : PSK "bench-secret-123"\n')
            os.chmod(pre_shared, 0o600)
            command = [os.path.join(HERE, "sallyport")]
            if o.get("jar"):
                java = os.path.join(os.environ.get("JAVA_HOME", "/usr/lib/jvm/temurin-25-jdk-amd64"), "bin/java")
                command = [java, "-XX:+UseSerialGC", "-Xshare:auto", "--enable-native-access=ALL-UNNAMED",
                           *o.get("java", "").split(), "-jar", o["jar"]]
            self.gateways.append(self.spawn(side, command + ["run", conf, "--socket", self.socket(side)]
                                            + (["--workers", str(o["workers"])] if o.get("workers") else []), "log",
                                            {"SALLYPORT_JAVA_OPTS": o.get("java", "")}))
            log = os.path.join(self.folder[side], "log")
            try:
                awaited(self.name, lambda: os.path.exists(self.socket(side)), 30)
            except SystemExit as e:
                raise SystemExit(f"{e}\n" + sh(f"tail -n 15 {log}", False))

    def control(self, seconds, handshakes=8):
        """How long do `status` and a whole handshake (main mode, quick mode, two Diffie-Hellman groups of 2048 bits)
        take while TCP x4 runs, and how long a handshake without it? Milliseconds; the worst `status`, the median of the
        handshakes. Those without load come first, and twice as often: the just-in-time compilers have their turn."""
        initiator = Control(self.socket(0))
        idle = [self.handshake(initiator, []) for _ in range(2 * handshakes)][handshakes:]
        load = self.spawn(0, ["iperf3", "-c", self.target, "-B", self.source, "-t", str(seconds), "-P", "4"], "load")
        time.sleep(0.3)
        statuses, loaded = [], []
        for _ in range(handshakes):
            if load.poll() is not None:
                break
            loaded.append(self.handshake(initiator, statuses))
        load.terminate()
        load.wait()
        if not loaded:
            return {}
        return {"status": max(statuses), "handshake": statistics.median(loaded), "idle": statistics.median(idle)}

    def handshake(self, initiator, statuses):
        """Brings connection `again` up and down; milliseconds of the first."""
        begun = time.monotonic()
        initiator.ask("up", connections=["again"])
        while True:
            asked = time.monotonic()
            state = initiator.state("again")
            statuses.append((time.monotonic() - asked) * 1e3)
            if state == "UP" or asked - begun > 10:
                break
            time.sleep(0.002)
        whole = (time.monotonic() - begun) * 1e3
        initiator.ask("down", connections=["again"])
        awaited("again to go down", lambda: initiator.state("again") != "UP")
        return whole


class Libipsec(Pair):
    source, target = "10.1.0.1", "10.2.0.1"
    trains = False

    def start(self):
        sh(f"ip -n {self.ns[0]} addr add 10.1.0.1/24 dev lo; ip -n {self.ns[1]} addr add 10.2.0.1/24 dev lo")
        for side in (0, 1):
            folder = self.folder[side]
            here, there = (("1", "2"), ("2", "1"))[side]
            with open(f"{folder}/strongswan.conf", "w") as f:
                f.write(f"""charon {{
  load = random nonce openssl aesni aes sha1 sha2 hmac gcm kdf pem pubkey kernel-libipsec kernel-netlink socket-default vici
  plugins {{
    vici {{
      socket = unix://{folder}/vici.sock
    }}
    kernel-netlink {{
      fwmark = !0x42
    }}
    socket-default {{
      fwmark = 0x42
    }}
  }}
}}
""")
            with open(f"{folder}/swanctl.conf", "w") as f:
                f.write(f"""connections {{
  t {{
    version = 2
    local_addrs = 192.0.2.{here}
    remote_addrs = 192.0.2.{there}
    proposals = aes128-sha1-modp2048
    encap = yes
    mobike = no
    local {{
      auth = psk
      id = 192.0.2.{here}
    }}
    remote {{
      auth = psk
      id = 192.0.2.{there}
    }}
    children {{
      t {{
        local_ts = 10.{here}.0.0/24
        remote_ts = 10.{there}.0.0/24
        esp_proposals = {self.options['esp']}-modp2048
        rekey_time = 4h
      }}
    }}
  }}
}}
secrets {{
  ike-1 {{
    id-1 = 192.0.2.{here}
    id-2 = 192.0.2.{there}
    secret = "bench-secret-123"
  }}
}}
""")
            # its pid file has a compiled-in place: a /run of its own keeps two of them apart
            self.gateways.append(self.spawn(
                side, ["sh", "-c", f"mount -t tmpfs tmpfs /run && exec {CHARON}"], "log",
                {"STRONGSWAN_CONF": f"{folder}/strongswan.conf"}))
        for folder in self.folder:
            awaited("charon", lambda: os.path.exists(f"{folder}/vici.sock"))
            sh(f"swanctl --load-all --uri unix://{folder}/vici.sock --file {folder}/swanctl.conf")
        sh(f"swanctl --initiate --child t --uri unix://{self.folder[0]}/vici.sock", False)


class Wireguard(Pair):
    """wireguard-go, set up by its own socket: no other tool is needed."""

    source, target = "10.1.0.1", "10.2.0.1"

    def start(self):
        private = [secrets.token_bytes(32) for _ in range(2)]
        for side in (0, 1):
            link = f"wg{os.getpid() % 100000}-{self.number}{side}"
            self.gateways.append(self.spawn(side, [WIREGUARD, "-f", link], "log", {"LOG_LEVEL": "error"}))
            door = f"/var/run/wireguard/{link}.sock"
            awaited(WIREGUARD, lambda: os.path.exists(door))
            other = 1 - side
            with socket.socket(socket.AF_UNIX) as s:
                s.connect(door)
                s.sendall((f"set=1\nprivate_key={private[side].hex()}\nlisten_port=51820\nreplace_peers=true\n"
                           f"public_key={x25519(private[other]).hex()}\nendpoint=192.0.2.{other + 1}:51820\n"
                           "replace_allowed_ips=true\nallowed_ip=10.0.0.0/8\n\n").encode())
                answer = s.recv(4096).decode()
            if "errno=0" not in answer:
                raise SystemExit(f"bench: {WIREGUARD}: {answer}")
            sh(f"ip -n {self.ns[side]} addr add 10.{side + 1}.0.1/8 dev {link}")
            sh(f"ip -n {self.ns[side]} link set {link} mtu 1420 up")


def x25519(private):
    """The public key (RFC 7748, 5): the Montgomery ladder from u = 9."""
    p, u = 2**255 - 19, 9
    k = int.from_bytes(private, "little") & ~7 & (2**255 - 1) | 2**254
    x2, z2, x3, z3, swap = 1, 0, u, 1, 0
    for t in reversed(range(255)):
        bit = k >> t & 1
        if swap ^ bit:
            x2, x3, z2, z3 = x3, x2, z3, z2
        swap = bit
        a, b, c, d = x2 + z2, x2 - z2, x3 + z3, x3 - z3
        da, cb, aa, bb = d * a, c * b, a * a, b * b
        x3, z3 = (da + cb) ** 2 % p, u * (da - cb) ** 2 % p
        e = aa - bb
        x2, z2 = aa * bb % p, e * (aa + 121665 * e) % p
    if swap:
        x2, z2 = x3, z3
    return (x2 * pow(z2, p - 2, p) % p).to_bytes(32, "little")
