/// What one motion clip shows: an object, a background, and how the object moves. All of it drawn from the seed.
struct MotionScene {
    /// Where the object's tail is in one frame, and which way it points. Lengths are fractions of the frame's side.
    struct Pose: Equatable {
        var x: Float
        var y: Float
        /// Radians; a positive turn is clockwise on the screen, as y points down.
        var angle: Float
        var scale: Float
    }

    private let pair: Int
    private let isReversed: Bool
    /// How far each attribute goes in the classes that move it, in rounds of its circle: x, y, angle, scale.
    private let rounds: [Double]
    /// Where on its circle, from 0 to 1, each attribute begins.
    private let start: [Double]
    /// For a change of speed: whether the object goes along x or y.
    private let isHorizontal: Bool
    let look: MotionLook

    init(pair: Int, isReversed: Bool, clip: Int, seed: UInt64) {
        self.pair = pair
        self.isReversed = isReversed
        var random = SeededRandom(seed: seed, UInt64(pair), isReversed ? 1 : 0, UInt64(clip))
        // The order of the draws is the format: every class draws everything, so that all share one distribution.
        rounds = [
            random.uniform(0.7..<0.9), random.uniform(0.7..<0.9), random.uniform(0.55..<0.75),
            random.uniform(0.75..<0.9),
        ]
        start = (0..<4).map { _ in random.uniform() }
        isHorizontal = random.uniform() < 0.5
        flipsSpeedPath = random.uniform() < 0.5
        look = MotionLook(&random)
    }

    /// For a change of speed: whether the path is gone through from its far end.
    private let flipsSpeedPath: Bool

    /// The pose at `time`, from 0 at the first frame to 1 at the last.
    ///
    /// Every attribute runs round a circle: what leaves the picture on one side comes in on the other, and what has
    /// grown to the largest goes on from the smallest. It begins anywhere on its circle, so at any time it is anywhere
    /// on it with equal likelihood, in whatever class: nothing in a single frame, its number included, says more.
    func pose(at time: Double) -> Pose {
        let forward = isReversed ? 1 - time : time
        var phases = start
        switch pair {
        case 0: phases[0] -= forward * rounds[0]
        case 1: phases[1] -= forward * rounds[1]
        case 2: phases[2] += forward * rounds[2]
        case 3: phases[3] += forward * rounds[3]
        default:
            // From rest to three times the mean speed.
            let axis = isHorizontal ? 0 : 1
            phases[axis] += forward * forward * forward * rounds[axis] * (flipsSpeedPath ? -1 : 1)
        }
        let (x, y, turn, size) = (phases[0], phases[1], phases[2], phases[3])
        func onCircle(_ phase: Double) -> Double { phase - phase.rounded(.down) }
        return Pose(
            x: Float(onCircle(x)), y: Float(onCircle(y)), angle: Float(onCircle(turn) * 2 * .pi),
            scale: Float(SeededMath.exponential((onCircle(size) - 0.5) * Self.scaleRange)))
    }

    /// Of the scale's logarithm, from the smallest to the largest.
    private static let scaleRange = 0.6
}
