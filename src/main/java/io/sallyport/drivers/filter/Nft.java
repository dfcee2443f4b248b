package io.sallyport.drivers.filter;

import io.sallyport.base.Octets;
import java.nio.ByteBuffer;

/// Numbers of linux/netfilter/nf_tables.h and nfnetlink.h.
final class Nft {
    static final int BATCH_BEGIN = 0x10;
    static final int BATCH_END = 0x11;
    static final int SUBSYSTEM = 10;
    static final int NEWTABLE = SUBSYSTEM << 8;
    static final int GETTABLE = SUBSYSTEM << 8 | 1;
    static final int DELTABLE = SUBSYSTEM << 8 | 2;
    static final int NEWCHAIN = SUBSYSTEM << 8 | 3;
    static final int GETCHAIN = SUBSYSTEM << 8 | 4;
    static final int NEWRULE = SUBSYSTEM << 8 | 6;
    static final int NEWSET = SUBSYSTEM << 8 | 9;
    static final int NEWSETELEM = SUBSYSTEM << 8 | 12;

    static final int INET = 1;
    static final int FAMILY_HEADER = 4;
    static final int IPV4 = 2;
    static final int IPV6 = 10;

    static final int TABLE_NAME = 1;
    static final int TABLE_USERDATA = 6;
    static final int CHAIN_TABLE = 1;
    static final int CHAIN_NAME = 3;
    static final int CHAIN_HOOK = 4;
    static final int CHAIN_POLICY = 5;
    static final int CHAIN_TYPE = 7;
    static final int HOOK_NUMBER = 1;
    static final int HOOK_PRIORITY = 2;
    static final int PREROUTING = 0;
    static final int POSTROUTING = 4;

    static final int RULE_TABLE = 1;
    static final int RULE_CHAIN = 2;
    static final int RULE_EXPRESSIONS = 4;
    static final int LIST_ELEMENT = 1;
    static final int EXPRESSION_NAME = 1;
    static final int EXPRESSION_DATA = 2;

    static final int SET_TABLE = 1;
    static final int SET_NAME = 2;
    static final int SET_FLAGS = 3;
    static final int SET_KEY_TYPE = 4;
    static final int SET_KEY_LENGTH = 5;
    static final int SET_ID = 10;
    static final int SET_USERDATA = 13;
    static final int ELEMENTS_TABLE = 1;
    static final int ELEMENTS_SET = 2;
    static final int ELEMENTS = 3;
    static final int ELEMENT_KEY = 1;

    static final int DATA_VALUE = 1;
    static final int DATA_VERDICT = 2;
    static final int VERDICT_CODE = 1;
    static final int NF_DROP = 0;
    static final int NF_ACCEPT = 1;

    static final int META_DREG = 1;
    static final int META_KEY = 2;
    static final int META_MARK = 3;
    static final int META_IIFNAME = 6;
    static final int META_OIFNAME = 7;
    static final int META_NFPROTO = 15;
    static final int META_L4PROTO = 16;

    static final int CMP_SREG = 1;
    static final int CMP_OP = 2;
    static final int CMP_DATA = 3;
    static final int CMP_EQ = 0;
    static final int CMP_NEQ = 1;
    static final int CMP_LTE = 3;
    static final int CMP_GTE = 5;

    static final int PAYLOAD_DREG = 1;
    static final int PAYLOAD_BASE = 2;
    static final int PAYLOAD_OFFSET = 3;
    static final int PAYLOAD_LEN = 4;
    static final int NETWORK_HEADER = 1;
    static final int TRANSPORT_HEADER = 2;

    static final int BITWISE_SREG = 1;
    static final int BITWISE_DREG = 2;
    static final int BITWISE_LEN = 3;
    static final int BITWISE_MASK = 4;
    static final int BITWISE_XOR = 5;

    static final int LOOKUP_SET = 1;
    static final int LOOKUP_SREG = 2;

    static final int FIB_DREG = 1;
    static final int FIB_RESULT = 2;
    static final int FIB_FLAGS = 3;
    static final int FIB_OIFNAME = 2;
    static final int FIB_ADDRTYPE = 3;
    static final int FIB_SADDR = 1;
    static final int FIB_DADDR = 2;
    static final int RTN_LOCAL = 2;

    static final int EXTHDR_DREG = 1;
    static final int EXTHDR_TYPE = 2;
    static final int EXTHDR_OFFSET = 3;
    static final int EXTHDR_LEN = 4;

    static final int IMMEDIATE_DREG = 1;
    static final int IMMEDIATE_DATA = 2;

    /// The register of a verdict.
    static final int VERDICT = 0;

    /// The first of sixteen registers of four octets.
    static final int REGISTER = 8;

    /// Octets of the name of an interface.
    static final int NAME_OCTETS = 16;

    private Nft() {}

    /// nf_tables writes the numbers of its attributes in the order of the network.
    static Octets number(int value) {
        return Octets.owned(ByteBuffer.allocate(4).putInt(value).array());
    }
}
