package reconciler.patch;

/// How a group of changes goes on.
enum Next {
    /// What is still owed of it is sent again.
    AGAIN,
    /// Nothing more to do for this group.
    DONE,
    /// Nothing more may be sent; what is owed is released.
    STOP;

    static Next againUnlessStopped(boolean goesOn) {
        return goesOn ? AGAIN : STOP;
    }
}
