import Datasets
import Neural
import SoraModel
import Testing
import Training

/// Options out of range are errors, and the learning rate takes the course they say.
@Suite struct TrainingOptionsTests {
    private func rates(_ decay: TrainingOptions.Decay, warmUp: Double, epochs: Int = 6, steps: Int = 2) -> [Double] {
        var options = TrainingOptions()
        (options.decay, options.warmUpEpochs, options.epochs, options.learningRate) = (decay, warmUp, epochs, 0.8)
        let course = LearningRateCourse(options, stepsPerEpoch: steps)
        return (0..<epochs * steps).map(course.rate)
    }

    private func near(_ a: [Double], _ b: [Double]) -> Bool {
        a.count == b.count && zip(a, b).allSatisfy { abs($0 - $1) < 1e-12 }
    }

    @Test func warmUpActsWhateverTheDecay() {
        let full = [Double](repeating: 0.8, count: 12)
        #expect(near(rates(.constant, warmUp: 0), full))
        #expect(near(rates(.constant, warmUp: 2), [0, 0.2, 0.4, 0.6] + full.prefix(8)))
        // Half an epoch of five steps is two whole ones.
        #expect(near(rates(.constant, warmUp: 0.5, epochs: 1, steps: 5), [0, 0.4, 0.8, 0.8, 0.8]))
        // A tenth after each third, at the steps where it would be without.
        let falling = full.prefix(4) + [Double](repeating: 0.08, count: 4) + [Double](repeating: 0.008, count: 4)
        #expect(near(rates(.step, warmUp: 0), Array(falling)))
        #expect(near(rates(.step, warmUp: 1), [0, 0.4] + falling.dropFirst(2)))
        // Longer than a third: still one line up, times what the decay says.
        #expect(near(Array(rates(.step, warmUp: 4)[4..<8]), [0.04, 0.05, 0.06, 0.07]))
        let cosine = rates(.cosine, warmUp: 1)
        #expect(near(Array(cosine.prefix(3)), [0, 0.4, 0.8]))
        #expect(cosine.dropFirst(2) == cosine.dropFirst(2).sorted(by: >)[...] && cosine.allSatisfy { $0 >= 0 })
    }

    /// Products that no integer holds must not trap.
    @Test func vastWarmUpsOnlyGoUp() {
        for decay in TrainingOptions.Decay.allCases {
            for warmUp in [1e5, 1e300, .infinity] {
                let rates = rates(decay, warmUp: warmUp)
                #expect(rates[0] == 0 && rates.allSatisfy { $0.isFinite && $0 <= 0.8 })
            }
        }
    }

    @Test func optionsOutOfRangeAreRefused() throws {
        try TrainingOptions().validate()
        for preset in Preset.allCases { try TrainingOptions(preset: preset).validate() }
        for (word, change): (String, (inout TrainingOptions) -> Void) in [
            ("epochs", { $0.epochs = 0 }), ("epochs", { $0.epochs = .max }), ("batch size", { $0.batchSize = 0 }),
            ("learning rate", { $0.learningRate = 0 }), ("learning rate", { $0.learningRate = .nan }),
            ("warm-up", { $0.warmUpEpochs = -1 }), ("warm-up", { $0.warmUpEpochs = .infinity }),
            ("warm-up", { $0.warmUpEpochs = 1e18 }), ("warm-up", { $0.warmUpEpochs = .nan }),
            ("gradient limit", { $0.gradientLimit = 0 }), ("average", { $0.averageDecay = 1 }),
            ("label smoothing", { $0.labelSmoothing = 1 }), ("label smoothing", { $0.labelSmoothing = -0.1 }),
            ("patience", { $0.patience = 0 }), ("chunk", { $0.chunk = 0 }),
        ] {
            var options = TrainingOptions()
            change(&options)
            expectTrainingError(.options, [word]) { try options.validate() }
        }
    }

    /// The article: Adam, ten epochs, batches of 32, and nothing that it does not mention.
    @Test func articleTrainsAsWritten() {
        let options = TrainingOptions(preset: .article)
        #expect(options.epochs == 10 && options.batchSize == 32 && options.optimizer == .adam(epsilon: 1e-7))
        #expect(options.learningRate == 1e-3 && options.decay == .constant && options.warmUpEpochs == 0)
        #expect(options.augmentation == .none && options.gradientLimit == nil && options.labelSmoothing == 0)
    }
}
