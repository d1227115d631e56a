/// How well one class is found. A quotient whose divisor is zero, as for a class that never occurs, counts as 0
/// (scikit-learn's `zero_division=0`).
public struct ClassScore: Codable, Sendable, Hashable {
    /// The class.
    public var label: String
    /// Share of what was called this class that is.
    public var precision: Double
    /// Share of this class that was called so.
    public var recall: Double
    /// The harmonic mean of the two.
    public var f1: Double
    /// Clips of this class.
    public var support: Int

    /// - Parameters:
    ///   - hits: clips of the class that were called so.
    ///   - support: clips of the class.
    ///   - called: clips that were called so.
    init(_ label: String, hits: Int, support: Int, called: Int) {
        self.label = label
        self.support = support
        precision = Self.quotient(Double(hits), Double(called))
        recall = Self.quotient(Double(hits), Double(support))
        f1 = Self.quotient(2 * Double(hits), Double(support) + Double(called))
    }

    static func quotient(_ a: Double, _ b: Double) -> Double { b > 0 ? a / b : 0 }
}
