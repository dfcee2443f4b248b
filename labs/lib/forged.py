#!/usr/bin/env python3
"""A flood of IKE_SA_INITs in forged names, each from a source and a port of its own, for labs and benches: run it in a namespace whose
way to the gateway is open, and let answers to 172.16.0.0/12 end somewhere.

  forged.py GATEWAY COUNT RATE             makes them, says `ready`, waits for a line, sends, says how many seconds it took
  forged.py GATEWAY COUNT RATE for-ever    the same ones again and again, until it is ended
"""
import itertools, random, socket, struct, sys, time


def transform(last, kind, number, attribute=b""):
    return struct.pack("!BBHBBH", 0 if last else 3, 0, 8 + len(attribute), kind, 0, number) + attribute


def payload(following, body):
    return struct.pack("!BBH", following, 0, 4 + len(body)) + body


# aes128gcm16-prfsha256-x25519
TRANSFORMS = transform(False, 1, 20, struct.pack("!HH", 0x800e, 128)) + transform(False, 2, 5) + transform(True, 4, 31)
SA = payload(34, struct.pack("!BBHBBBB", 0, 0, 8 + len(TRANSFORMS), 1, 1, 0, 3) + TRANSFORMS)


def first_message(source, port, gateway):
    """A whole IKE_SA_INIT, with an IP header, from a source that knows nothing of it."""
    body = SA + payload(40, struct.pack("!HH", 31, 0) + random.randbytes(32)) + payload(0, random.randbytes(32))
    ike = struct.pack("!QQBBBBII", random.getrandbits(64) | 1, 0, 33, 0x20, 34, 0x08, 0, 28 + len(body)) + body
    udp = struct.pack("!HHHH", port, 500, 8 + len(ike), 0) + ike
    return struct.pack("!BBHHHBBH", 0x45, 0, 20 + len(udp), 0, 0, 64, 17, 0) + source + socket.inet_aton(gateway) + udp


def main():
    gateway, count, rate = sys.argv[1], int(sys.argv[2]), float(sys.argv[3])
    here = struct.unpack("!I", socket.inet_aton("172.16.0.0"))[0]
    packets = [first_message(struct.pack("!I", here + i), 1024 + i % 60000, gateway) for i in range(count)]
    s = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_RAW)
    print("ready", flush=True)
    sys.stdin.readline()
    begun, lost = time.monotonic(), 0
    for i, p in enumerate(itertools.cycle(packets) if sys.argv[4:] == ["for-ever"] else packets):
        try:
            s.sendto(p, (gateway, 0))
        except OSError:
            lost += 1
        if not i & 63:
            ahead = begun + i / rate - time.monotonic()
            if ahead > 0:
                time.sleep(ahead)
    if lost:
        print(f"{lost} were not sent", file=sys.stderr)
    print(time.monotonic() - begun, flush=True)


main()
