/// What one formula clip shows: a ground, at times a thing or two before it, and how one of them moves. All of it drawn from
/// the seed.
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
    /// What happens: one of `allLabels`.
    let label: String
    /// Of the light: its strength and how many times it comes and goes.
    private let flicker: (depth: Double, waves: Double, phase: Double)

    init(clip: Int, seed: UInt64) {
        var random = SeededRandom(seed: seed, 0x46_4F52_4D, UInt64(clip))
        let kinds = FormulaMotion.Kind.allCases
        // What moves is the thing before the ground more often than the camera.
        let (kind, isGround) = (kinds[random.integer(below: kinds.count)], random.uniform() < 0.4)
        let motion = FormulaMotion(kind, isGround: isGround, &random)
        func still(isGround: Bool) -> FormulaMotion { FormulaMotion(nil, isGround: isGround, &random) }
        var layers = [
            Layer(
                tile: FormulaTile(isObject: false, &random), motion: isGround ? motion : still(isGround: true),
                isGround: true)
        ]
        // Bystanders, which a moving camera leaves where they are in the picture.
        for _ in 0..<random.integer(below: isGround ? 3 : 2) {
            layers.append(
                Layer(tile: FormulaTile(isObject: true, &random), motion: still(isGround: false), isGround: false))
        }
        if !isGround {
            layers.append(Layer(tile: FormulaTile(isObject: true, &random), motion: motion, isGround: false))
        }
        self.layers = layers
        label = Self.label(kind, isGround: isGround)
        let flickers = random.uniform() < 0.2
        flicker = (
            flickers ? random.uniform(0.05..<0.2) : 0, random.uniform(0.5..<4), random.uniform(0..<2 * .pi)
        )
    }

    private static func label(_ kind: FormulaMotion.Kind, isGround: Bool) -> String {
        (isGround ? "ground-" : "") + kind.rawValue
    }

    /// All labels that a scene may have: of a thing's motions as they are, of the ground's behind `ground-`.
    static let allLabels = [false, true].flatMap { isGround in
        FormulaMotion.Kind.allCases.map { label($0, isGround: isGround) }
    }

    /// How bright the light is at a time, about 1.
    func light(at time: Double) -> Float {
        Float(1 + flicker.depth * SeededMath.sine(2 * .pi * flicker.waves * time + flicker.phase))
    }
}
