"""A caller over vici: enough of strongSwan's protocol to load, initiate and count, for their daemon and for ours alike."""
import socket, struct

REQUEST, RESPONSE, UNKNOWN, REGISTER, UNREGISTER, CONFIRM, _, EVENT = range(8)
SECTION, END, PAIR, LIST, ITEM, LIST_END = 1, 2, 3, 4, 5, 6


def packed(message):
    out = bytearray()
    for key, value in message.items():
        k = key.encode()
        if isinstance(value, dict):
            out += struct.pack("!BB", SECTION, len(k)) + k + packed(value) + bytes([END])
        elif isinstance(value, (list, tuple)):
            out += struct.pack("!BB", LIST, len(k)) + k
            for item in value:
                v = str(item).encode()
                out += struct.pack("!BH", ITEM, len(v)) + v
            out.append(LIST_END)
        else:
            v = value if isinstance(value, bytes) else str(value).encode()
            out += struct.pack("!BB", PAIR, len(k)) + k + struct.pack("!H", len(v)) + v
    return bytes(out)


def unpacked(data, at=0):
    """The section that begins at `at`, and where it ends."""
    message = {}
    while at < len(data):
        kind, at = data[at], at + 1
        if kind == END:
            break
        key, at = data[at + 1:at + 1 + data[at]].decode(), at + 1 + data[at]
        if kind == SECTION:
            message[key], at = unpacked(data, at)
        elif kind == PAIR:
            n = struct.unpack_from("!H", data, at)[0]
            message[key], at = data[at + 2:at + 2 + n].decode(errors="replace"), at + 2 + n
        else:
            items = []
            while data[at] == ITEM:
                n = struct.unpack_from("!H", data, at + 1)[0]
                items.append(data[at + 3:at + 3 + n].decode(errors="replace"))
                at += 3 + n
            message[key], at = items, at + 1
    return message, at


class Vici:
    def __init__(self, path, seconds=60):
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.connect(path)  # waits its turn where the daemon takes few callers at once
        self.socket.settimeout(seconds)

    def send(self, kind, name, message=None):
        n = name.encode()
        body = bytes([kind, len(n)]) + n + (packed(message) if message else b"")
        self.socket.sendall(struct.pack("!I", len(body)) + body)

    def exactly(self, count):
        got = bytearray()
        while len(got) < count:
            more = self.socket.recv(min(1 << 18, count - len(got)))
            if not more:
                raise ConnectionError("vici: the daemon hung up")
            got += more
        return bytes(got)

    def receive(self):
        body = self.exactly(struct.unpack("!I", self.exactly(4))[0])
        return body[0], body[1:]

    def ask(self, command, message=None):
        self.send(REQUEST, command, message)
        kind, body = self.receive()
        if kind != RESPONSE:
            raise RuntimeError(f"vici: {command}: answered by {kind}")
        return unpacked(body)[0]

    def stream(self, command, event, message=None, read=True):
        """What a command tells by events; `read` false: only how many."""
        self.send(REGISTER, event)
        self.receive()
        self.send(REQUEST, command, message)
        found = [] if read else 0
        while True:
            kind, body = self.receive()
            if kind != EVENT:
                break
            if read:
                found.append(unpacked(body, 1 + body[0])[0])
            else:
                found += 1
        self.send(UNREGISTER, event)
        self.receive()
        return found

    def close(self):
        self.socket.close()
