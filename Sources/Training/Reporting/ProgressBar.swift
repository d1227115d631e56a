/// Shows how far a long command is: ` 12/45 [======>......] - ETA: 12s - clip.mp4`.
///
/// Not for use from two threads at once.
public final class ProgressBar {
    /// How much there is to do.
    public let total: Int
    private let style: ProgressStyle
    private let clock: ProgressClock
    private let sink: (String) -> Void
    private let start: Double
    private var shown: Double?
    /// How much is done.
    public private(set) var done = 0

    /// - Parameters:
    ///   - total: how much there is to do.
    ///   - sink: gets the text as it is to be written, line ends included.
    public init(
        total: Int, style: ProgressStyle, clock: @escaping ProgressClock = monotonicSeconds,
        sink: @escaping (String) -> Void
    ) {
        self.total = total
        self.style = style
        self.clock = clock
        self.sink = sink
        start = clock()
    }

    /// One more is done.
    public func advance(_ note: String = "") { show(done + 1, note) }

    /// So much is done; `note` says with what.
    public func show(_ count: Int, _ note: String = "") {
        done = count
        let now = clock()
        guard
            now - (shown ?? (style.isPlain ? start : -.infinity)) >= style.interval || (done >= total && !style.isPlain)
        else { return }
        shown = now
        let left = (now - start) / Double(max(done, 1)) * Double(max(total - done, 0))
        let tail =
            (done < total ? " - ETA: \(ProgressStyle.time(left))" : " - \(ProgressStyle.time(now - start))")
            + (note.isEmpty ? "" : " - \(note)")
        sink(style.passing(style.line(done: done, total: total, tail: tail)))
    }

    /// Takes a terminal's line away, before something else is written.
    public func clear() {
        guard !style.isPlain, shown != nil else { return }
        sink("\r\u{1B}[K")
    }
}
