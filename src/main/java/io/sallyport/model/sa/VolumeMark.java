package io.sallyport.model.sa;

/// How far a direction of an SA came on the way to the end of its [VolumeLimits].
public enum VolumeMark {
    /// Not worth a word.
    PLENTY,
    /// The soft limit: a successor shall be made.
    SOFT,
    /// Half of what was left then: if there is a successor, it shall be used.
    LOW,
    /// The hard limit: it carries nothing more.
    OVER
}
