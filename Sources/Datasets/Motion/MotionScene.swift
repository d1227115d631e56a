/// What one motion clip shows: an object, a background, and how the object moves. All of it drawn from the seed.
struct MotionScene {
    /// Where the object is in one frame. Lengths are fractions of the frame's side.
    struct Pose: Equatable {
        var x: Float
        var y: Float
        /// Radians; a positive turn is clockwise on the screen, as y points down.
        var angle: Float
        var scale: Float
    }

    /// One attribute's course: `middle + span * (phase - 1/2)` for a phase from 0 to 1.
    struct Course {
        var middle: Double
        var span: Double
        func value(_ phase: Double) -> Double { middle + span * (phase - 0.5) }
    }

    private let pair: Int
    private let isReversed: Bool
    private let x: Course
    private let y: Course
    private let angle: Course
    private let logScale: Course
    /// Where on its course each attribute stands that this class does not move: x, y, angle, scale.
    private let rest: [Double]
    /// For a change of speed: whether the object goes along x or y.
    private let isHorizontal: Bool
    let look: MotionLook

    init(pair: Int, isReversed: Bool, clip: Int, seed: UInt64) {
        self.pair = pair
        self.isReversed = isReversed
        var random = SeededRandom(seed: seed, UInt64(pair), isReversed ? 1 : 0, UInt64(clip))
        // The order of the draws is the format: every class draws everything, so that all share one distribution.
        x = Course(middle: random.uniform(0.42..<0.58), span: random.uniform(0.42..<0.52))
        y = Course(middle: random.uniform(0.42..<0.58), span: random.uniform(0.42..<0.52))
        angle = Course(middle: random.uniform(0..<2 * .pi), span: random.uniform(1.3 * .pi..<1.7 * .pi))
        logScale = Course(middle: random.uniform(-0.06..<0.06), span: random.uniform(0.6..<0.75))
        rest = (0..<4).map { _ in random.uniform() }
        isHorizontal = random.uniform() < 0.5
        let flips = random.uniform() < 0.5
        flipsSpeedPath = flips
        look = MotionLook(&random)
    }

    /// For a change of speed: whether the path is gone through from its far end.
    private let flipsSpeedPath: Bool

    /// The pose at `time`, from 0 at the first frame to 1 at the last.
    func pose(at time: Double) -> Pose {
        let forward = isReversed ? 1 - time : time
        var phases = rest
        switch pair {
        case 0: phases[0] = 1 - forward
        case 1: phases[1] = 1 - forward
        case 2: phases[2] = forward
        case 3: phases[3] = forward
        default:
            // From rest to three times the mean speed.
            let gone = forward * forward * forward
            phases[isHorizontal ? 0 : 1] = flipsSpeedPath ? 1 - gone : gone
        }
        return Pose(
            x: Float(x.value(phases[0])), y: Float(y.value(phases[1])), angle: Float(angle.value(phases[2])),
            scale: Float(SeededMath.exponential(logScale.value(phases[3]))))
    }
}
