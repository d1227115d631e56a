/// How often numbers of each size came by, for numbers of any size: bins widen as larger ones come.
struct Histogram {
    private var counts = [Int](repeating: 0, count: Self.binCount)
    /// The magnitude at which the last bin ends.
    private var end: Float = 0
    private(set) var low: Float = 0
    private(set) var high: Float = 0

    private static let binCount = 4096

    /// Counts `numbers`; those that are not finite are passed over.
    mutating func add(_ numbers: [Float]) {
        var largest: Float = 0
        for number in numbers where number.isFinite {
            low = min(low, number)
            high = max(high, number)
            largest = max(largest, abs(number))
        }
        guard largest > 0 || end > 0 else { return }
        if end == 0 { end = largest }
        while end < largest { widen() }
        let scale = Float(Self.binCount) / end
        for number in numbers where number.isFinite {
            counts[min(Int(abs(number) * scale), Self.binCount - 1)] += 1
        }
    }

    private mutating func widen() {
        end *= 2
        for bin in 0..<Self.binCount {
            counts[bin] = 2 * bin + 1 < Self.binCount ? counts[2 * bin] + counts[2 * bin + 1] : 0
        }
    }

    /// The smallest interval that holds `share` of the numbers: all of them for 1. Nil if no number but 0 came by.
    func interval(share: Double) -> Quantization.Interval? {
        let total = counts.reduce(0, +)
        guard total > 0 else { return nil }
        var bound = max(high, -low)
        if share < 1 {
            let wanted = Int((share * Double(total)).rounded(.up))
            var sum = 0
            for bin in 0..<Self.binCount {
                sum += counts[bin]
                if sum >= wanted {
                    bound = min(bound, end * Float(bin + 1) / Float(Self.binCount))
                    break
                }
            }
        }
        return Quantization.Interval(low: max(low, -bound), high: min(high, bound))
    }
}
