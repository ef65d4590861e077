package reconciler.bench.peer;

import java.util.Arrays;

/// One peer in a process of its own: `NAME prepare|work`, then what [PeerSettings] says.
public final class PeerProcess {
    private PeerProcess() {}

    static void main(String[] args) throws Exception {
        Peer peer = Peers.valueOf(args[0]).peer();
        PeerWork work = PeerWork.of(PeerSettings.of(Arrays.asList(args).subList(2, args.length)));
        if (args[1].equals("prepare")) {
            peer.prepare(work);
        } else {
            peer.work(work);
        }
        // Some of them leave threads behind that are no daemons.
        System.exit(0);
    }
}
