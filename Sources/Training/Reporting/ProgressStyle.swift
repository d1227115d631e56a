import Foundation

/// How progress is shown.
public enum ProgressStyle: Sendable, Hashable {
    /// On one line that is written over again and again, of at most so many columns.
    case terminal(columns: Int = 80)
    /// As plain lines, for a file or a pipe, with so many seconds at least between two.
    case plain(interval: Double = 30)

    /// Seconds between two updates: a terminal's are fast enough for the eye, and slow enough for a slow connection.
    var interval: Double {
        switch self {
        case .terminal: 0.1
        case .plain(let interval): interval
        }
    }

    /// `line` as it is written while work goes on.
    func passing(_ line: String) -> String {
        switch self {
        case .terminal: "\r" + line + "\u{1B}[K"
        case .plain: line + "\n"
        }
    }

    /// `line` as it is written to stay.
    func lasting(_ line: String) -> String {
        switch self {
        case .terminal: "\r" + line + "\u{1B}[K\n"
        case .plain: line + "\n"
        }
    }

    /// ` 12/45 [======>......] - ETA: 12s - …`, the bar as long as the columns let it; without bar as a plain line.
    func line(done: Int, total: Int, tail: String) -> String {
        let counts = " " + Self.counts(done, total)
        guard case .terminal(let columns) = self else { return counts + tail }
        let room = min(30, columns - 1 - counts.count - tail.count - 3)
        guard room >= 5 else { return String((counts + tail).prefix(max(columns - 1, 0))) }
        return "\(counts) [\(Self.bar(done, total, room))]\(tail)"
    }

    /// `12/45`, the first filled up to the second's width.
    static func counts(_ done: Int, _ total: Int) -> String {
        String(repeating: " ", count: max(0, "\(total)".count - "\(done)".count)) + "\(done)/\(total)"
    }

    /// `====>.....`, full of `=` at the end.
    private static func bar(_ done: Int, _ total: Int, _ width: Int) -> String {
        guard done < total else { return String(repeating: "=", count: width) }
        let filled = Int(Double(max(done, 0)) / Double(total) * Double(width))
        guard filled > 0 else { return String(repeating: ".", count: width) }
        return String(repeating: "=", count: filled - 1) + ">" + String(repeating: ".", count: width - filled)
    }

    /// `12s`, `1:05` or `2:03:04`.
    public static func time(_ seconds: Double) -> String {
        guard seconds.isFinite, seconds >= 0, seconds < 1e9 else { return "?" }
        let whole = Int(seconds.rounded())
        if whole < 60 { return "\(whole)s" }
        if whole < 3600 { return String(format: "%d:%02d", whole / 60, whole % 60) }
        return String(format: "%d:%02d:%02d", whole / 3600, whole / 60 % 60, whole % 60)
    }

    /// `290ms/step`
    static func pace(_ seconds: Double, _ what: String) -> String {
        if seconds >= 1 { return String(format: "%.0fs/", seconds) + what }
        if seconds >= 1e-3 { return String(format: "%.0fms/", seconds * 1e3) + what }
        return String(format: "%.0fus/", max(seconds, 0) * 1e6) + what
    }

    /// `0.4313`, or `4.3130e-04` where that would show too little.
    static func figure(_ value: Double) -> String {
        String(format: abs(value) > 1e-3 || value == 0 ? "%.4f" : "%.4e", value)
    }
}

/// Tells the time in seconds, from any start.
public typealias ProgressClock = () -> Double

/// Seconds on a clock that nobody sets.
public func monotonicSeconds() -> Double { ProcessInfo.processInfo.systemUptime }
