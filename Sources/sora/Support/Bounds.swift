import ArgumentParser

/// What an option's number may be. Checked before any work begins, so that no number however odd reaches it.
enum Bounds {
    /// - Throws: `ValidationError` naming the option and its range, where `value` is given and lies outside it.
    static func check<Allowed: RangeExpression>(
        _ option: String, _ value: Allowed.Bound?, _ range: Allowed, _ unit: String = ""
    ) throws {
        // Not-a-number lies in no range.
        guard let value, !range.contains(value) else { return }
        throw ValidationError("\(option) must lie in \(range)\(unit.isEmpty ? "" : " \(unit)"), not \(value)")
    }

    /// Checks the start and the end of the part of a video to use.
    static func check(start: Double?, end: Double?) throws {
        try check("--start", start, 0...1e9, "seconds")
        try check("--end", end, 0...1e9, "seconds")
        if let end, end <= start ?? 0 {
            throw ValidationError(
                "--end must be later than \(start.map { "--start (\($0) s)" } ?? "0 s"), not \(end) s")
        }
    }
}
