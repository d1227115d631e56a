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
        /// Whether what leaves the frame on one side comes in on the other.
        var goesRound: Bool
    }

    private let middle: SIMD2<Double>
    private let size: Double
    private let turn: Double
    /// What happens from the clip's first frame to its last: how far the middle goes, how many rounds it turns, by what
    /// power of e it grows.
    private var drift = SIMD2<Double>.zero
    private var rounds = 0.0
    private var growth = 0.0
    /// Whether a thing runs round circles: over the frame's edges to the opposite ones, and from the largest it grows to on
    /// from the smallest, so that where it is says nothing of where it goes.
    private let goesRound: Bool
    /// Where on its circle the size of what goes round begins, 0..<1.
    private let firstGrowth: Double
    /// Of the sizes on that circle: the largest is e to this power times the smallest.
    private static let growthRange = 0.7
    /// How far the thing's own middle is from the place that it turns and grows about, in its sides, along its turn.
    private let lever: Double
    /// To and fro about the middle.
    private var swing: (reach: SIMD2<Double>, waves: Double, phase: Double) = (.zero, 0, 0)
    /// The power of time that the motion follows, above 1 for faster and faster; mirrored where it slows down.
    private var pace: (power: Double, slows: Bool) = (1, false)

    /// - Parameter kind: nil for none.
    init(_ kind: Kind?, of role: FormulaScene.Role, _ random: inout SeededRandom) {
        let isGround = role == .ground
        // The ground moves as a camera would: less far.
        let reach = isGround ? 0.6 : 1.0
        goesRound = !isGround && random.uniform() < (role == .lone ? 0.7 : 0.4)
        // A lone thing may stand as far off what it turns about as the head of a clock's hand.
        let (isCentred, farthest) = role == .lone ? (0.2, 1.0) : (0.5, 0.5)
        lever = isGround || random.uniform() < isCentred ? 0 : random.uniform(0.1..<farthest)
        let span = goesRound ? 0.0..<1 : 0.35..<0.65
        middle = SIMD2(random.uniform(span), random.uniform(span))
        firstGrowth = random.uniform()
        let sizes =
            switch role {
            case .ground: 0.7..<1.8
            case .thing: 0.3..<0.7
            case .lone: 0.5..<0.85
            }
        size = random.uniform(sizes)
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
        var power = growth * (time - 0.5)
        if goesRound {
            let phase = firstGrowth + power / Self.growthRange
            power = (phase - phase.rounded(.down) - 0.5) * Self.growthRange
        }
        let shown = size * SeededMath.exponential(power)
        let angle = 2 * .pi * (turn + rounds * time)
        let arm = lever * shown * SIMD2(SeededMath.cosine(angle), SeededMath.sine(angle))
        let place = middle + drift * (time - 0.5) + swing.reach * wave + arm
        return Pose(
            place: SIMD2(Float(place.x), Float(place.y)), size: Float(shown), turn: Float(angle), goesRound: goesRound)
    }
}
