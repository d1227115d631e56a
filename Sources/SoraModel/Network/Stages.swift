/// The parts of a frame network, in the order in which a frame passes through them: what training may leave as it is.
extension Backbone {
    /// Names of the stages. A residual network has its stem and its layers, the article's its convolutions; MobileNetV2
    /// and SqueezeNet have a stage for each size of their images.
    public var stages: [String] {
        switch self {
        case .plain(let channels): channels.indices.map { "conv\($0 + 1)" }
        case .residual(let residual): ["stem"] + residual.channels.indices.map { "layer\($0 + 1)" }
        case .mobileNetV2: Self.mobileNetStages.map { "features.\($0)" }
        case .squeezeNet: Self.squeezeNetStages.map { "features.\($0)" }
        }
    }

    /// The first block of each stage: those with images of 1/2, 1/4, 1/8, 1/16 and 1/32 of the frame's size.
    private static let mobileNetStages = [0, 2, 4, 7, 14]
    /// The same, of 1/2, 1/4, 1/8 and 1/16.
    private static let squeezeNetStages = [0, 3, 6, 9]

    /// What the names of the motion stream's layers begin with.
    static let motionPrefix = "motion."

    /// The stage that a parameter, or a layer, of either stream belongs to, counted from 0; nil for one of the clip
    /// network.
    package func stage(of name: String) -> Int? {
        let name = name.hasPrefix(Self.motionPrefix) ? name.dropFirst(Self.motionPrefix.count) : name[...]
        let parts = name.split(separator: ".")
        guard let first = parts.first else { return nil }
        // What brings the last image to a grid goes with it.
        if first == "grid" { return stages.count - 1 }
        switch self {
        case .plain: return stages.firstIndex(of: String(first))
        case .residual: return first == "conv1" || first == "bn1" ? 0 : stages.firstIndex(of: String(first))
        case .mobileNetV2, .squeezeNet:
            guard first == "features", parts.count > 1, let block = Int(parts[1]) else { return nil }
            let stages = self == .squeezeNet ? Self.squeezeNetStages : Self.mobileNetStages
            return stages.lastIndex { $0 <= block }
        }
    }
}
