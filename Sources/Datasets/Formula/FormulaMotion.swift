/// Where a layer of a formula clip is at each time: it moves in one way, or stays where it is.
struct FormulaMotion {
    /// The ways there are to move. What goes faster or slower goes anywhere, or turns.
    enum Kind: String, CaseIterable {
        case left, right, up, down, clockwise, anticlockwise, grow, shrink, faster, slower, swing
    }

    /// Place of the layer's middle in the frame, in its sides; how many frame's sides its own side is; its turn.
    struct Pose {
        var place: SIMD2<Float>
        var size: Float
        var turn: Float
    }

    private let middle: SIMD2<Double>
    private let size: Double
    private let turn: Double
    /// What happens from the clip's first frame to its last: how far the middle goes, how many rounds it turns, by what
    /// power of e it grows.
    private var drift = SIMD2<Double>.zero
    private var rounds = 0.0
    private var growth = 0.0
    /// To and fro about the middle.
    private var swing: (reach: SIMD2<Double>, waves: Double, phase: Double) = (.zero, 0, 0)
    /// The power of time that the motion follows, above 1 for faster and faster; mirrored where it slows down.
    private var pace: (power: Double, slows: Bool) = (1, false)

    /// - Parameters:
    ///   - kind: nil for none.
    ///   - isGround: whether it covers all, and so moves as a camera would: less far.
    init(_ kind: Kind?, isGround: Bool, _ random: inout SeededRandom) {
        let reach = isGround ? 0.6 : 1.0
        middle = SIMD2(random.uniform(0.35..<0.65), random.uniform(0.35..<0.65))
        size = isGround ? random.uniform(0.7..<1.8) : random.uniform(0.3..<0.7)
        turn = random.uniform(0..<1)
        // Somewhat aslant, so that a direction has to be told from its neighbours.
        let (far, aslant) = (reach * random.uniform(0.35..<0.9), random.uniform(-0.12..<0.12))
        let angle = random.uniform(0..<2 * .pi)
        let anywhere = SIMD2(SeededMath.cosine(angle), SeededMath.sine(angle))
        let spin = reach * random.uniform(0.2..<0.8)
        switch kind {
        case .left: drift = SIMD2(-far, aslant)
        case .right: drift = SIMD2(far, aslant)
        case .up: drift = SIMD2(aslant, -far)
        case .down: drift = SIMD2(aslant, far)
        case .clockwise: rounds = spin
        case .anticlockwise: rounds = -spin
        case .grow: growth = far * 1.4
        case .shrink: growth = -far * 1.4
        case .faster, .slower:
            if random.uniform() < 0.7 {
                drift = anywhere * far * 1.2
            } else {
                rounds = spin * (random.uniform() < 0.5 ? -1.5 : 1.5)
            }
            pace = (random.uniform(2..<3), kind == .slower)
        case .swing:
            swing = (anywhere * far * 0.35, random.uniform(1..<3), random.uniform(0..<2 * .pi))
        case nil: break
        }
    }

    /// - Parameter linear: 0 at the clip's first frame, 1 at its last.
    func pose(at linear: Double) -> Pose {
        let time =
            pace.slows
            ? 1 - SeededMath.power(1 - linear, pace.power) : SeededMath.power(linear, pace.power)
        let wave = SeededMath.sine(2 * .pi * swing.waves * time + swing.phase)
        let place = middle + drift * (time - 0.5) + swing.reach * wave
        return Pose(
            place: SIMD2(Float(place.x), Float(place.y)),
            size: Float(size * SeededMath.exponential(growth * (time - 0.5))),
            turn: Float(2 * .pi * (turn + rounds * time)))
    }
}
