internal import Foundation

/// A range of round numbers around some values, with marks at equal steps.
package struct Scale: Equatable {
    /// The marks, ascending: the first and the last are the ends.
    package let marks: [Double]
    private let digits: Int

    package var low: Double { marks[0] }
    package var high: Double { marks[marks.count - 1] }

    /// The smallest such range whose steps are 1, 2 or 5 times a power of ten.
    /// - Parameters:
    ///   - values: numbers that are not finite are left out.
    ///   - count: about how many steps.
    ///   - isWhole: whether marks are whole numbers.
    package init(_ values: some Sequence<Double>, from floor: Double? = nil, count: Int = 4, isWhole: Bool = false) {
        let finite = values.filter { $0.isFinite && abs($0) < 1e15 }
        let least = floor ?? finite.min() ?? 0
        var most = max(finite.max() ?? 1, least)
        if most <= least { most = least + (isWhole ? 1 : max(abs(least) * 0.1, 0.1)) }
        let rough = (most - least) / Double(max(count, 1))
        let power = pow(10, floor10(rough))
        var step = ([1, 2, 5, 10].first { $0 * power >= rough * 0.999 } ?? 10) * power
        if isWhole { step = max(1, step.rounded()) }
        let start = (least / step + 1e-9).rounded(.down)
        let end = max((most / step - 1e-9).rounded(.up), start + 1)
        marks = (0...Int(min(end - start, 100))).map { (start + Double($0)) * step }
        digits = max(0, min(6, -Int(floor10(step * 1.0001))))
    }

    /// Where a value lies between the ends, 0...1.
    package func place(_ value: Double) -> Double { min(1, max(0, (value - low) / (high - low))) }

    /// A mark, with just the digits that tell it from its neighbours.
    package func label(_ mark: Double) -> String {
        // Steps of 5 * 10^-k and 2 * 10^-k need no more digits than 10^-k.
        String(format: "%.\(digits)f", mark == 0 ? 0 : mark)
    }
}

private func floor10(_ value: Double) -> Double { log10(max(value, 1e-300)).rounded(.down) }

/// A share of the whole as SVG takes it.
func percent(_ share: Double) -> String { String(format: "%.2f%%", 100 * (share.isFinite ? share : 0)) }
