/// What one formula clip shows: a ground, at times a thing or two before it, and how one of them moves. All of it drawn from
/// the seed.
struct FormulaScene {
    /// What a layer is to the scene.
    enum Role {
        /// What is behind all, and has no end.
        case ground
        /// One of a few things before it.
        case thing
        /// The one thing there is: large, before a calm ground, with a head and a tail, so that its motion is all there is to
        /// see.
        case lone
    }

    /// A tile in motion.
    struct Layer {
        let tile: FormulaTile
        let motion: FormulaMotion
        let role: Role
    }

    /// From the back to the front.
    let layers: [Layer]
    /// What happens: one of `allLabels`.
    let label: String
    /// Of the light: its strength and how many times it comes and goes.
    private let flicker: (depth: Double, waves: Double, phase: Double)

    /// - Parameter share: how many of all clips, 0 to 1, show a lone thing.
    init(clip: Int, seed: UInt64, lone share: Double) {
        var random = SeededRandom(seed: seed, 0x46_4F52_4D, UInt64(clip))
        // Drawn apart, so that a clip that shows none is the same whatever the share.
        var choice = SeededRandom(seed: seed, 0x4C_4F4E_45, UInt64(clip))
        let isLone = choice.uniform() < share
        let kinds = FormulaMotion.Kind.allCases
        // What moves is the thing before the ground more often than the camera.
        let (kind, isCamera) = (kinds[random.integer(below: kinds.count)], random.uniform() < 0.4)
        let isGround = isCamera && !isLone
        let mover: Role = isLone ? .lone : isGround ? .ground : .thing
        let motion = FormulaMotion(kind, of: mover, &random)
        let calm = isLone ? (Float(random.uniform(0.05..<0.4)), Float(random.uniform(0.2..<1))) : nil
        var layers = [
            Layer(
                tile: FormulaTile(.ground, calm: calm, &random),
                motion: isGround ? motion : FormulaMotion(nil, of: .ground, &random), role: .ground)
        ]
        // Bystanders, which a moving camera leaves where they are in the picture.
        for _ in 0..<(isLone ? 0 : random.integer(below: isGround ? 3 : 2)) {
            layers.append(
                Layer(
                    tile: FormulaTile(.thing, &random), motion: FormulaMotion(nil, of: .thing, &random), role: .thing))
        }
        if !isGround { layers.append(Layer(tile: FormulaTile(mover, &random), motion: motion, role: mover)) }
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
