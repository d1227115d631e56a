/// What one formula clip shows: a ground, things before it, and how all of them move. All of it drawn from the seed.
struct FormulaScene {
    /// A tile in motion.
    struct Layer {
        let tile: FormulaTile
        let motion: FormulaMotion
        /// Whether it is the ground, which has no end.
        let isGround: Bool
    }

    /// From the back to the front.
    let layers: [Layer]
    /// Of the light: its strength and how many times it comes and goes.
    private let flicker: (depth: Double, waves: Double, phase: Double)

    init(clip: Int, seed: UInt64) {
        var random = SeededRandom(seed: seed, 0x46_4F52_4D, UInt64(clip))
        let count = 1 + random.integer(below: 3)
        var layers: [Layer] = []
        for index in 0...count {
            let isGround = index == 0
            layers.append(
                Layer(
                    tile: FormulaTile(isObject: !isGround, &random),
                    motion: FormulaMotion(isGround: isGround, &random), isGround: isGround))
        }
        self.layers = layers
        let flickers = random.uniform() < 0.3
        flicker = (
            flickers ? random.uniform(0.05..<0.25) : 0, random.uniform(0.5..<4), random.uniform(0..<2 * .pi)
        )
    }

    /// What moves how: of the foremost thing as it is, of the ground behind `ground-`.
    var labels: [String] {
        let (thing, ground) = (layers.last?.motion.labels ?? [], layers.first?.motion.labels ?? [])
        return thing + ground.map { "ground-" + $0 }
    }

    /// All labels that a scene may have.
    static let allLabels = FormulaMotion.allLabels + FormulaMotion.allLabels.map { "ground-" + $0 }

    /// How bright the light is at a time, about 1.
    func light(at time: Double) -> Float {
        Float(1 + flicker.depth * SeededMath.sine(2 * .pi * flicker.waves * time + flicker.phase))
    }
}

/// Where a layer is at each time: it drifts, swings, turns and grows, each by a draw of its own, or not at all, and does so
/// evenly, faster and faster, or slower and slower.
struct FormulaMotion {
    /// Place of the layer's middle in the frame, in its sides; how many frame's sides its own side is; its turn.
    struct Pose {
        var place: SIMD2<Float>
        var size: Float
        var turn: Float
    }

    private let start: SIMD2<Double>
    private let drift: SIMD2<Double>
    private let swing: (reach: SIMD2<Double>, waves: Double, phase: Double)
    private let turn: (start: Double, rounds: Double)
    private let size: (start: Double, growth: Double, pulse: Double, waves: Double)
    /// The power of time that the motion follows, above 1 for faster and faster; mirrored where it slows down.
    private let pace: (power: Double, slows: Bool)

    init(isGround: Bool, _ random: inout SeededRandom) {
        // The ground is the camera's motion: mostly slow, and often none.
        let lively = isGround ? 0.35 : 1.0
        func signed(_ reach: Double, likely: Double) -> Double {
            let (isThere, value) = (random.uniform() < likely, random.uniform(-1..<1))
            return isThere ? value * reach : 0
        }
        start = SIMD2(random.uniform(0.15..<0.85), random.uniform(0.15..<0.85))
        drift = SIMD2(signed(1.1 * lively, likely: 0.6), signed(1.1 * lively, likely: 0.6))
        swing = (
            SIMD2(signed(0.3 * lively, likely: 0.4), signed(0.3 * lively, likely: 0.4)), random.uniform(0.5..<3),
            random.uniform(0..<2 * .pi)
        )
        turn = (random.uniform(0..<1), signed(0.8 * lively, likely: 0.5))
        size = (
            isGround ? random.uniform(0.7..<2) : random.uniform(0.25..<0.8), signed(0.8 * lively, likely: 0.4),
            signed(0.3 * lively, likely: 0.3), random.uniform(0.5..<3)
        )
        let isEven = random.uniform() < 0.6
        pace = (isEven ? 1 : random.uniform(2..<3), random.uniform() < 0.5)
    }

    static let allLabels = [
        "left", "right", "up", "down", "clockwise", "anticlockwise", "grow", "shrink", "faster", "slower",
    ]

    /// What it does from the first frame to the last, beyond what the eye may miss.
    var labels: [String] {
        let (first, last) = (pose(at: 0), pose(at: 1))
        let (across, down) = (last.place.x - first.place.x, last.place.y - first.place.y)
        let (turned, grown) = (last.turn - first.turn, last.size / first.size)
        let moves = max(abs(across), abs(down)) > 0.2 || abs(turned) > 0.6 || grown > 1.25 || grown < 0.8
        let isTrue = [
            across < -0.2, across > 0.2, down < -0.2, down > 0.2, turned > 0.6, turned < -0.6, grown > 1.25,
            grown < 0.8,
            moves && pace.power > 1 && !pace.slows, moves && pace.power > 1 && pace.slows,
        ]
        return zip(Self.allLabels, isTrue).filter(\.1).map(\.0)
    }

    /// - Parameter linear: 0 at the clip's first frame, 1 at its last.
    func pose(at linear: Double) -> Pose {
        let time =
            pace.slows
            ? 1 - SeededMath.power(1 - linear, pace.power) : SeededMath.power(linear, pace.power)
        let wave = SeededMath.sine(2 * .pi * swing.waves * time + swing.phase)
        let place = start + drift * (time - 0.5) + swing.reach * wave
        let growth = size.growth * (time - 0.5) + size.pulse * SeededMath.sine(2 * .pi * size.waves * time)
        return Pose(
            place: SIMD2(Float(place.x), Float(place.y)), size: Float(size.start * SeededMath.exponential(growth)),
            turn: Float(2 * .pi * (turn.start + turn.rounds * time)))
    }
}
