import Foundation

/// Times as a player shows them.
enum Clock {
    /// Hours where there are any, minutes, and seconds with a digit: `1:02:03.4`.
    static func text(_ seconds: Double) -> String {
        let tenths = Int((max(0, seconds) * 10).rounded())
        let (hours, minutes, rest) = (tenths / 36_000, tenths / 600 % 60, Double(tenths % 600) / 10)
        return hours > 0
            ? String(format: "%d:%02d:%04.1f", hours, minutes, rest) : String(format: "%d:%04.1f", minutes, rest)
    }
}
