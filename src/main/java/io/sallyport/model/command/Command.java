package io.sallyport.model.command;

import io.sallyport.model.spec.VpnSpec;

/// What people and programs ask the IKE engine to do.
public sealed interface Command {
    /// Replaces the configuration: connections that did not change keep their SAs.
    record Load(VpnSpec vpn) implements Command {}

    /// Brings a child up; `child` empty: all children of the connection.
    record Initiate(String connection, String child) implements Command {}

    /// Closes the IKE SAs of a connection with their children, telling the peer; it stays down.
    record Terminate(String connection) implements Command {}

    /// Closes one IKE SA, telling the peer; with the connection's last one its children go as well
    /// and stay down.
    record CloseIke(String connection, IkeSaView.Keys keys) implements Command {}

    /// Closes one child SA, telling the peer; it stays down.
    record CloseChild(String connection, long id) implements Command {}

    /// Renegotiates now: the IKE SA, or the child if one is named.
    record Rekey(String connection, String child) implements Command {}

    /// Renegotiates one IKE SA now, of one peer.
    ///
    /// @param reauthenticate a new IKE SA with a new authentication takes over
    record RekeyIke(String connection, IkeSaView.Keys keys, boolean reauthenticate)
            implements Command {}

    /// Renegotiates one child SA now, of one peer.
    record RekeyChild(String connection, long id) implements Command {}
}
