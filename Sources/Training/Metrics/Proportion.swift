/// A share of a count, with the interval in which the true share lies with 95% confidence.
public struct Proportion: Codable, Sendable, Hashable {
    /// The share seen; 0 of nothing.
    public var value: Double
    /// Ends of the interval of Wilson (1927), which stays inside 0 ... 1 and is sound for few clips and for shares near
    /// 0 and 1. All of 0 ... 1 where there is nothing to count.
    public var lower: Double
    /// Upper end of the interval.
    public var upper: Double

    /// `successes` out of `count`.
    public init(_ successes: Int, of count: Int) {
        guard count > 0 else {
            (value, lower, upper) = (0, 0, 1)
            return
        }
        let (n, z) = (Double(count), 1.959963984540054)
        value = Double(successes) / n
        let center = (value + z * z / (2 * n)) / (1 + z * z / n)
        let reach = z / (1 + z * z / n) * (value * (1 - value) / n + z * z / (4 * n * n)).squareRoot()
        // At the ends rounding could leave the seen share just outside.
        lower = successes <= 0 ? 0 : max(0, center - reach)
        upper = successes >= count ? 1 : min(1, center + reach)
    }
}
