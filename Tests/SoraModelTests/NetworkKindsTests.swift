import Neural
import SoraModel
import Testing

/// Every kind of head, fusion and backbone runs, and the fast backend says what the naive one says.
@Suite struct NetworkKindsTests {
    static let temporals: [Temporal] =
        Temporal.Fusion.allCases.flatMap { fusion in
            [
                Temporal(hidden: 6, fusion: fusion),
                Temporal(gridChannels: 2, hidden: 5, layers: 2, bidirectional: true, fusion: fusion),
            ]
        }

    @Test(arguments: temporals) func everyTemporalNetworkRuns(_ temporal: Temporal) throws {
        for embeddingSize in [nil, 7] {
            try expectAgreement(TestModels.configuration(temporal: temporal, embeddingSize: embeddingSize))
        }
    }

    @Test(arguments: [Backbone.plain(channels: [5, 8]), .mobileNetV2, .squeezeNet])
    func everyBackboneRuns(_ backbone: Backbone) throws {
        try expectAgreement(TestModels.configuration(backbone: backbone))
    }

    @Test(arguments: Head.Kind.allCases) func everyHeadGivesProbabilities(_ kind: Head.Kind) throws {
        let labels = kind == .binary ? ["no", "yes"] : ["a", "b", "c"]
        let configuration = TestModels.configuration(head: Head(kind: kind, dropout: 0.5), labels: labels)
        let predictions = try expectAgreement(configuration)
        for prediction in predictions {
            #expect(prediction.probabilities.count == labels.count)
            #expect(prediction.probabilities.allSatisfy { $0 > 0 && $0 < 1 })
            let sum = prediction.probabilities.reduce(0, +)
            // Three numbers of single precision.
            if kind != .multiLabel { #expect(abs(sum - 1) < 1e-6) }
            let ranked = prediction.ranking.map { prediction.probabilities[$0] }
            #expect(ranked == ranked.sorted(by: >))
        }
    }

    /// The formulas, by hand.
    @Test func probabilitiesAreThoseOfTheLogits() {
        func near(_ a: [Float], _ b: [Float]) -> Bool {
            a.count == b.count && zip(a, b).allSatisfy { abs($0 - $1) < 1e-6 }
        }
        // sigmoid(ln 3) = 3/4; softmax of logarithms are the shares.
        #expect(near(Head(kind: .binary).probabilities(logits: [1.0986123]), [0.25, 0.75]))
        #expect(near(Head(kind: .multiLabel).probabilities(logits: [1.0986123, -1.0986123]), [0.75, 0.25]))
        #expect(near(Head(kind: .multiClass).probabilities(logits: [0, 1.0986123]), [0.25, 0.75]))
        // Logits whose powers no number holds.
        #expect(near(Head(kind: .multiClass).probabilities(logits: [1000, 1000, -1000]), [0.5, 0.5, 0]))
        #expect(near(Head(kind: .multiLabel).probabilities(logits: [1000, -1000]), [1, 0]))
    }

    @discardableResult
    private func expectAgreement(_ configuration: ModelConfiguration) throws -> [Prediction] {
        let model = try TestModels.model(configuration)
        let frames = TestModels.frames(configuration, clips: 2)
        let found = try Predictor(model, backend: OneDNNBackend()).predict(frames, clips: 2)
        let expected = try Predictor(model, backend: ReferenceBackend()).predict(frames, clips: 2)
        for (a, b) in zip(found, expected) {
            // Up to fifty convolutions in single precision, of which some are Winograd's.
            expectClose(a.embedding, b.embedding.map(Double.init), 2e-4, "embedding")
            expectClose(a.probabilities, b.probabilities.map(Double.init), 2e-4, "probabilities")
        }
        #expect(found.count == 2)
        return found
    }
}
