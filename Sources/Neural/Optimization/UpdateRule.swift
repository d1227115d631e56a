/// The constants of one step, made ready for single precision, and the loops over them.
///
/// The loops are plain ones over pointers, which the compiler turns into vector instructions; nothing in them
/// depends on a neighbour, so neither the width nor the number of threads changes a bit of the result. They work on
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
        // A block at a time, in three loops over what the cache then holds: one loop that writes three arrays is not
        // turned into vector instructions. (The one with the root is not either, as the root is a checked call.)
        let block = 1024
        unsafe withUnsafeTemporaryAllocation(of: Float.self, capacity: block) { room in
            guard let room = room.baseAddress else { return }
            for start in stride(from: range.lowerBound, to: range.upperBound, by: block) {
                let count = min(block, range.upperBound - start)
                let weights = unsafe weights + start
                let gradients = unsafe gradients + start
                let firsts = unsafe firsts + start
                let seconds = unsafe seconds + start
                for i in 0..<count {
                    let gradient = unsafe gradients[i] * gradientScale + gradientDecay * weights[i]
                    unsafe room[i] = gradient
                    unsafe firsts[i] += firstShare * (gradient - firsts[i])
                }
                for i in 0..<count {
                    let second = unsafe secondKept * seconds[i] + secondShare * (room[i] * room[i])
                    unsafe seconds[i] = second
                    unsafe room[i] = second.squareRoot() * rootScale + epsilon
                }
                for i in 0..<count { unsafe weights[i] = weights[i] * weightScale - rate * firsts[i] / room[i] }
            }
        }
    }
}
