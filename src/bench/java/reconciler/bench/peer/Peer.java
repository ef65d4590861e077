package reconciler.bench.peer;

/// Somebody else's way to do the work.
interface Peer {
    /// What is not measured: tables and queues of its own.
    default void prepare(PeerWork work) throws Exception {}

    /// Settles every row, then returns.
    void work(PeerWork work) throws Exception;
}
