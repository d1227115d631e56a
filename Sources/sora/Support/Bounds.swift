import ArgumentParser
import Foundation

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

    /// Whether this machine can hold so many bytes.
    /// - Parameter what: what they are, in the plural.
    /// - Throws: `ValidationError` that says which options make them fewer.
    static func checkMemory(_ bytes: Double, _ what: String, smaller options: String) throws {
        let most = Double(ProcessInfo.processInfo.physicalMemory)
        guard bytes > most else { return }
        let unit = Double(1 << 30)
        throw ValidationError(
            String(
                format: "\(what) would take about %.3g GiB, and this machine has %.1f GiB: ", bytes / unit, most / unit)
                + "give a smaller \(options)")
    }
}
