package reconciler.queue;

/// Values that were to be asked for anew were taken out of the record after they had been looked
/// at.
public final class ErasedMeanwhile extends RuntimeException {
    ErasedMeanwhile(int erased, int all) {
        super(
                "the values of "
                        + erased
                        + " of "
                        + all
                        + " changes were erased or dropped after they had been looked at, so nothing was queued: give the same"
                        + " command again, and it leaves them out");
    }
}
