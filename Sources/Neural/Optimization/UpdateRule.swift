/// The constants of one step, made ready for single precision, and the loops over them.
///
/// The loops are plain ones over pointers, which the compiler turns into vector instructions, or over sixteen numbers at a
/// time where it does not; nothing in them depends on a neighbour, so neither the width nor the number of threads changes
/// a bit of the result. They work on
/// copies of the constants: those behind `self` might lie where the loop writes, and would be read again for each element.
struct UpdateRule {
    var gradientScale: Float
    /// Share of the weight that is added to its gradient.
    var gradientDecay: Float
    /// What the weight is multiplied with first.
    var weightScale: Float
    var rate: Float
    var momentum: Float
    var isNesterov: Bool
    var firstShare: Float
    var secondKept: Float
    var secondShare: Float
    var rootScale: Float
    var epsilon: Float

    /// SGD without momentum.
    func descend(_ weights: UnsafeMutablePointer<Float>, _ gradients: UnsafeMutablePointer<Float>, _ range: Range<Int>)
    {
        let (gradientScale, gradientDecay, rate) = (gradientScale, gradientDecay, rate)
        for i in range {
            let weight = unsafe weights[i]
            let gradient = unsafe gradients[i] * gradientScale + gradientDecay * weight
            unsafe weights[i] = weight - rate * gradient
        }
    }

    /// SGD with momentum.
    func descend(
        _ weights: UnsafeMutablePointer<Float>, _ gradients: UnsafeMutablePointer<Float>,
        _ moments: UnsafeMutablePointer<Float>, _ range: Range<Int>
    ) {
        // With momentum alone the step is `moment`; Nesterov's is `gradient + momentum * moment`.
        let (gradientScale, gradientDecay, rate, momentum) = (gradientScale, gradientDecay, rate, momentum)
        let (ownShare, momentShare): (Float, Float) = isNesterov ? (1, momentum) : (0, 1)
        for i in range {
            let weight = unsafe weights[i]
            let gradient = unsafe gradients[i] * gradientScale + gradientDecay * weight
            let moment = unsafe momentum * moments[i] + gradient
            unsafe moments[i] = moment
            unsafe weights[i] = weight - rate * (ownShare * gradient + momentShare * moment)
        }
    }

    /// Adam and AdamW.
    func adapt(
        _ weights: UnsafeMutablePointer<Float>, _ gradients: UnsafeMutablePointer<Float>,
        _ firsts: UnsafeMutablePointer<Float>, _ seconds: UnsafeMutablePointer<Float>, _ range: Range<Int>
    ) {
        let (gradientScale, gradientDecay, weightScale) = (gradientScale, gradientDecay, weightScale)
        let (firstShare, secondKept, secondShare) = (firstShare, secondKept, secondShare)
        let (rate, rootScale, epsilon) = (rate, rootScale, epsilon)
        typealias Lanes = SIMD16<Float>
        let whole = range.count / Lanes.scalarCount * Lanes.scalarCount
        for start in stride(from: range.lowerBound, to: range.lowerBound + whole, by: Lanes.scalarCount) {
            var weight = unsafe UnsafeRawPointer(weights + start).loadUnaligned(as: Lanes.self)
            var first = unsafe UnsafeRawPointer(firsts + start).loadUnaligned(as: Lanes.self)
            var second = unsafe UnsafeRawPointer(seconds + start).loadUnaligned(as: Lanes.self)
            let slope = unsafe UnsafeRawPointer(gradients + start).loadUnaligned(as: Lanes.self)
            let gradient = slope * gradientScale + gradientDecay * weight
            first += firstShare * (gradient - first)
            second = secondKept * second + secondShare * (gradient * gradient)
            weight = weight * weightScale - rate * first / (second.squareRoot() * rootScale + epsilon)
            unsafe UnsafeMutableRawPointer(firsts + start).storeBytes(of: first, as: Lanes.self)
            unsafe UnsafeMutableRawPointer(seconds + start).storeBytes(of: second, as: Lanes.self)
            unsafe UnsafeMutableRawPointer(weights + start).storeBytes(of: weight, as: Lanes.self)
        }
        for i in range.lowerBound + whole..<range.upperBound {
            let weight = unsafe weights[i]
            let gradient = unsafe gradients[i] * gradientScale + gradientDecay * weight
            let first = unsafe firsts[i] + firstShare * (gradient - firsts[i])
            let second = unsafe secondKept * seconds[i] + secondShare * (gradient * gradient)
            unsafe firsts[i] = first
            unsafe seconds[i] = second
            unsafe weights[i] = weight * weightScale - rate * first / (second.squareRoot() * rootScale + epsilon)
        }
    }
}
