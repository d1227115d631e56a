import Media

extension ModelConfiguration {
    /// Checks that the configuration makes sense before a network is built from it, since it may come from a file.
    /// - Throws: `ModelError.configuration` naming the field and what it may be.
    public func validate() throws {
        func check(_ condition: Bool, _ field: String, _ rule: String) throws {
            guard condition else { throw ModelError(.configuration, "\(field) \(rule)") }
        }
        try check((1...10_000).contains(clip.frames), "clip.frames", "must lie in 1...10000, not \(clip.frames)")
        try check((8...4096).contains(clip.size), "clip.size", "must lie in 8...4096, not \(clip.size)")
        try check(clip.specification.width == clip.size, "clip.specification", "must be square")
        try check((1...4).contains(clip.specification.margin), "clip.specification.margin", "must lie in 1...4")
        try check(
            clip.mean.count == 3 && clip.deviation.count == 3 && clip.deviation.allSatisfy { $0.isFinite && $0 > 0 }
                && clip.mean.allSatisfy(\.isFinite),
            "clip.mean and clip.deviation", "must hold three numbers each, the deviations above zero")
        try check(
            (1...8192).contains(temporal.hidden), "temporal.hidden", "must lie in 1...8192, not \(temporal.hidden)")
        try check((1...8).contains(temporal.layers), "temporal.layers", "must lie in 1...8, not \(temporal.layers)")
        try check((0...256).contains(temporal.gridChannels), "temporal.gridChannels", "must lie in 0...256")
        if let embeddingSize {
            try check((1...8192).contains(embeddingSize), "embeddingSize", "must lie in 1...8192, not \(embeddingSize)")
        }
        try check(head.dropout >= 0 && head.dropout < 1, "head.dropout", "must lie in 0 ..< 1, not \(head.dropout)")
        try check(
            (head.kind == .binary ? labels.count == 2 : labels.count >= 1) && labels.count <= 100_000, "labels",
            head.kind == .binary
                ? "must be two with a binary head, not \(labels.count)" : "must be 1 to 100000, not \(labels.count)")
        try check(Set(labels).count == labels.count, "labels", "must differ from each other")
        switch backbone {
        case .plain(let channels):
            try check(
                (1...16).contains(channels.count) && channels.allSatisfy { (1...8192).contains($0) }, "backbone.plain",
                "must list 1 to 16 channel counts")
        case .residual(let residual):
            try check(
                (1...8).contains(residual.channels.count) && residual.channels.count == residual.blocks.count
                    && residual.channels.allSatisfy { (1...8192).contains($0) }
                    && residual.blocks.allSatisfy { (1...64).contains($0) },
                "backbone.residual", "must list as many block counts as channel counts, 1 to 8")
            try check(
                (1...31).contains(residual.stemKernel) && residual.stemKernel % 2 == 1
                    && (1...8192).contains(residual.stemChannels), "backbone.residual.stemKernel", "must be odd, 1...31"
            )
        case .mobileNetV2, .squeezeNet: break
        }
    }
}
