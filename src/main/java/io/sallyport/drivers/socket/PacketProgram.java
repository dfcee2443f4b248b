package io.sallyport.drivers.socket;

import static io.sallyport.ffi.linux.Sockets.SOL_SOCKET;

import io.sallyport.ffi.linux.LinuxException;
import io.sallyport.ffi.linux.Socket;
import io.sallyport.ffi.linux.Sockets;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;

/// A program of classic BPF (linux/filter.h), that the kernel runs for each packet that comes to a
/// socket. It answers how many octets of it are kept ([#filter]), or which of the sockets of a port
/// gets it ([#choose]). One that reads beyond the end of a packet answers 0.
final class PacketProgram {
    /// Instructions: BPF_MAXINSNS.
    static final int MOST = 4096;

    /// A jump that depends on something goes no further: its distance is an octet.
    static final int FURTHEST = 255;

    /// SKF_NET_OFF: octets from here on are those of the IP header, wherever the packet begins for
    /// a program.
    static final int IP_HEADER = -0x100000;

    // linux/bpf_common.h
    private static final int LOAD = 0x20; // BPF_LD | BPF_W | BPF_ABS
    private static final int LOAD_LENGTH = 0x80; // BPF_LD | BPF_W | BPF_LEN
    private static final int LOAD_BEHIND = 0x40; // BPF_LD | BPF_W | BPF_IND
    private static final int LOAD_HEADER_LENGTH = 0xb1; // BPF_LDX | BPF_B | BPF_MSH
    private static final int MODULO = 0x94; // BPF_ALU | BPF_MOD | BPF_K
    private static final int JUMP = 0x05; // BPF_JMP | BPF_JA
    private static final int IF_EQUAL = 0x15; // BPF_JMP | BPF_JEQ | BPF_K
    private static final int IF_AT_LEAST = 0x35; // BPF_JMP | BPF_JGE | BPF_K
    private static final int ANSWER = 0x06; // BPF_RET | BPF_K
    private static final int ANSWER_IT = 0x16; // BPF_RET | BPF_A

    /// struct sock_filter { u16 code; u8 jt, jf; u32 k }
    private record Instruction(int code, int ifTrue, int ifFalse, int value) {}

    private final List<Instruction> instructions = new ArrayList<>();

    private PacketProgram add(int code, int ifTrue, int ifFalse, int value) {
        if (Math.max(ifTrue, ifFalse) > FURTHEST) {
            throw new IllegalArgumentException("a jump of " + Math.max(ifTrue, ifFalse));
        }
        instructions.add(new Instruction(code, ifTrue, ifFalse, value));
        return this;
    }

    /// The 32 bits at octet `at`.
    PacketProgram load(int at) {
        return add(LOAD, 0, 0, at);
    }

    /// The 32 bits `at` octets behind the IPv4 header that the packet begins with.
    PacketProgram loadBehindHeader(int at) {
        return add(LOAD_HEADER_LENGTH, 0, 0, 0).add(LOAD_BEHIND, 0, 0, at);
    }

    /// How many octets there are.
    PacketProgram loadLength() {
        return add(LOAD_LENGTH, 0, 0, 0);
    }

    /// What was loaded, divided by `by`: the rest.
    PacketProgram modulo(int by) {
        return add(MODULO, 0, 0, by);
    }

    /// Passes over so many of the next instructions.
    PacketProgram skip(int instructions) {
        return add(JUMP, 0, 0, instructions);
    }

    /// Passes over `otherwise` of the next instructions if what was loaded is not `value`.
    PacketProgram ifEqual(int value, int otherwise) {
        return add(IF_EQUAL, 0, otherwise, value);
    }

    /// Passes over `then` of the next instructions if what was loaded is, as a number without a
    /// sign, `value` or more, else over `otherwise`.
    PacketProgram ifAtLeast(int value, int then, int otherwise) {
        return add(IF_AT_LEAST, then, otherwise, value);
    }

    PacketProgram answer(int value) {
        return add(ANSWER, 0, 0, value);
    }

    /// What was loaded.
    PacketProgram answerIt() {
        return add(ANSWER_IT, 0, 0, 0);
    }

    PacketProgram append(PacketProgram other) {
        instructions.addAll(other.instructions);
        return this;
    }

    /// Instructions.
    int size() {
        return instructions.size();
    }

    /// From now on this decides what a socket keeps.
    void filter(int fd) throws LinuxException {
        attach(fd, Sockets.SO_ATTACH_FILTER, "SO_ATTACH_FILTER");
    }

    /// From now on this chooses among the sockets that share the port of this one, by the order in
    /// which they were bound.
    void choose(int fd) throws LinuxException {
        attach(fd, Sockets.SO_ATTACH_REUSEPORT_CBPF, "SO_ATTACH_REUSEPORT_CBPF");
    }

    private void attach(int fd, int option, String name) throws LinuxException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment program = arena.allocate(8L * size(), 8);
            for (int i = 0; i < size(); i++) {
                Instruction it = instructions.get(i);
                program.set(ValueLayout.JAVA_SHORT, 8L * i, (short) it.code());
                program.set(ValueLayout.JAVA_BYTE, 8L * i + 2, (byte) it.ifTrue());
                program.set(ValueLayout.JAVA_BYTE, 8L * i + 3, (byte) it.ifFalse());
                program.set(ValueLayout.JAVA_INT, 8L * i + 4, it.value());
            }
            // struct sock_fprog { u16 length; pointer }
            MemorySegment it = arena.allocate(16, 8);
            it.set(ValueLayout.JAVA_SHORT, 0, (short) size());
            it.set(ValueLayout.JAVA_LONG, 8, program.address());
            LinuxException.check(
                    Socket.setsockopt(fd, SOL_SOCKET, option, it.address(), (int) it.byteSize()),
                    "setsockopt " + name);
        }
    }
}
