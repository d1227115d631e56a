import Classifiers
import Foundation
import Neural
import SoraModel
import Testing

/// Classifiers in model files, sound and not.
@Suite struct ClassifierFileTests {
    private let folder: TemporaryFolder
    private var path: String { folder.file("m.safetensors") }

    init() throws { folder = try TemporaryFolder() }

    /// A model with a classifier of each kind, over the embedding and over pooled vectors in turn.
    private func model() throws -> Model {
        let model = try TestModels.model()
        for (place, kind) in ClassifierKind.allCases.enumerated() {
            let features: ClipFeatures = place % 2 == 0 ? .embedding : .pooled
            let count = try features.count(model.network)
            let values = Drawn.tensor(place, count: 24 * count, scale: 2)
            let data = try LabelledVectors(
                values, labels: (0..<24).map { $0 % 4 }, featureCount: count, classCount: 4)
            let settings = try kind.standardSettings(featureCount: count)
            let classifier = try #require(try kind.fit(data, [settings]).first)
            let score = ClipClassifier.Score(balancedAccuracy: 0.5, deviation: 0.125, macroF1: 0.25, folds: 3)
            try model.shelf.add(
                ClipClassifier(
                    ClipClassifier.Description(
                        name: "my.\(kind.rawValue)", kind: kind, labels: ["a", "b", "ü", "d|e"], features: features,
                        settings: settings, score: place == 1 ? nil : score), classifier),
                isStandard: kind == .tree)
        }
        return model
    }

    @Test func whatIsWrittenIsRead() throws {
        let model = try model()
        try model.write(to: path)
        let again = try Model(reading: path)
        #expect(again.shelf.classifiers.map(\.description) == model.shelf.classifiers.map(\.description))
        #expect(again.shelf.classifiers.map(\.classifier.arrays) == model.shelf.classifiers.map(\.classifier.arrays))
        #expect(again.shelf.standard == "my.tree" && again.shelf.isHeadTrained)
        #expect(try again.parameters.tensors() == model.parameters.tensors())
        try again.write(to: folder.file("again.safetensors"))
        #expect(FileManager.default.contentsEqual(atPath: path, andPath: folder.file("again.safetensors")))
    }

    @Test func aModelWithoutAnyIsAsItWas() throws {
        let model = try TestModels.model()
        try model.write(to: path)
        #expect(try SafetensorsFile.metadata(of: path)["sora.classifiers"] == nil)
        #expect(try Model(reading: path).shelf.classifiers.isEmpty)
        model.shelf.isHeadTrained = false
        try model.write(to: path)
        #expect(try !Model(reading: path).shelf.isHeadTrained)
    }

    /// The classifier's word on the vector that it looks at, beside the embedding as it was.
    @Test func aPredictorGivesItsProbabilities() throws {
        let model = try model()
        let configuration = model.configuration
        let frames = TestModels.frames(configuration, clips: 2)
        let plain = try Predictor(model, backend: ReferenceBackend())
        let features = try plain.features(frames, count: 2 * configuration.clip.frames)
        let half = features.count / 2
        for classifier in model.shelf.classifiers {
            let predictor = try Predictor(model, backend: ReferenceBackend(), classifier: classifier)
            let found = try predictor.predict(frames, clips: 2)
            #expect(try found.map(\.embedding) == plain.predict(frames, clips: 2).map(\.embedding))
            for clip in 0..<2 {
                let own = Array(features[clip * half..<(clip + 1) * half])
                let vector = try plain.vector(classifier.description.features, features: own)
                let expected = try classifier.classifier.probabilities(vector)
                #expect(zip(found[clip].probabilities, expected).allSatisfy { abs($0 - $1) < 1e-4 })
                #expect(found[clip].probabilities.count == 4)
            }
        }
    }

    /// By hand, of two numbers over five frames.
    @Test func pooledVectors() throws {
        let model = try TestModels.model(
            TestModels.configuration(temporal: Temporal(hidden: 3), backbone: .plain(channels: [2])))
        let predictor = try Predictor(model, backend: ReferenceBackend())
        let vector = try predictor.vector(.pooled, features: [1, 0, 2, 0, 3, 5, 4, 5, 5, 5])
        let expected: [Float] = [3, 3, 2.0.squareRoot(), 6.0.squareRoot(), 1, 1.25].map(Float.init)
        #expect(zip(vector, expected).allSatisfy { abs($0 - $1) < 1e-6 } && vector.count == 6)
        #expect(
            ClipFeatures.pooled.names(count: 6) == [
                "mean 0", "mean 1", "deviation 0", "deviation 1", "change 0", "change 1",
            ])
        let motion = try predictor.vector(.motion, features: [1, 0, 2, 0, 3, 5, 4, 5, 5, 5])
        // Quarters of five frames: the first, second, third, and the last two.
        let course: [Float] = [-2, -3, -1, -3, 0, 2, 1.5, 2]
        #expect(zip(motion, course + expected[2...]).allSatisfy { abs($0 - $1) < 1e-6 } && motion.count == 12)
        #expect(ClipFeatures.motion.names(count: 12).first == "quarter 1 0")
        #expect(throws: ModelError.self) { try predictor.vector(.pooled, features: [1, 2, 3]) }
    }

    @Test func names() throws {
        for name in ["svm", "a.b-c_9", "A", String(repeating: "x", count: 64)] { #expect(ClipClassifier.isName(name)) }
        for name in ["", "head", "a b", "é", "a/b", "a\u{0}", String(repeating: "x", count: 65)] {
            #expect(!ClipClassifier.isName(name))
        }
        let model = try model()
        #expect(try model.shelf.classifier(named: nil)?.name == "my.tree")
        #expect(try model.shelf.classifier(named: "head") == nil)
        let error = #expect(throws: ModelError.self) { try model.shelf.classifier(named: "none") }
        #expect(error?.message.contains("my.svm, my.svm-linear") == true)
    }

    // MARK: Hostile files

    /// Reads the sound file with a change.
    private func reading(_ change: (inout SafetensorsFile) throws -> Void) throws -> (any Error)? {
        try model().write(to: path)
        var file = try SafetensorsFile(reading: path)
        try change(&file)
        try file.write(to: path)
        do { _ = try Model(reading: path) } catch {
            #expect("\(error)".contains(path) && "\(error)".utf8.count < 2000, "\(error)")
            return error
        }
        return nil
    }

    @Test func whatDoesNotGoTogetherIsAnErrorOfTheFile() throws {
        func broken(
            _ word: String, sourceLocation: SourceLocation = #_sourceLocation,
            _ change: (inout SafetensorsFile) throws -> Void
        ) throws {
            let error = try #require(try reading(change), sourceLocation: sourceLocation)
            #expect("\(error)".contains(word), "\(error)", sourceLocation: sourceLocation)
        }
        func described(_ old: String, _ new: String) -> (inout SafetensorsFile) throws -> Void {
            { file in
                let text = file.metadata["sora.classifiers"] ?? ""
                #expect(text.contains(old))
                file.metadata["sora.classifiers"] = text.replacing(old, with: new)
            }
        }
        #expect(try reading { _ in } == nil)
        try broken("not described") { $0.metadata["sora.classifiers"] = nil }
        try broken("cannot be read") { $0.metadata["sora.classifiers"] = "{" }
        try broken("cannot be read", described("\"svm\"", "\"oracle\""))
        try broken("none of theirs", described("my.knn", "my.other"))
        try broken("'head'") { file in
            try described("my.knn", "head")(&file)
            file.tensors = file.tensors.filter { !$0.key.hasPrefix("classifiers.my.knn.") }
        }
        try broken("'my.logistic': there are two") { file in
            try described("my.knn", "my.logistic")(&file)
            file.tensors = file.tensors.filter { !$0.key.hasPrefix("classifiers.my.knn.") }
        }
        try broken("not among them", described("\"standard\":\"my.tree\"", "\"standard\":\"my.oak\""))
        try broken("labels must be", described("\"a\",", "\"b\","))
        try broken("has the shape", described("\"d|e\"]", "\"d|e\",\"f\"]"))
        try broken("numbers, and the model's", described("\"pooled\"", "\"embedding\""))
        try broken("is missing") { $0.tensors["classifiers.my.knn.vectors"] = nil }
        try broken("none of this kind") { $0.tensors["classifiers.my.knn.more"] = try Tensor([1], [Float(1)]) }
        try broken("none of theirs") { $0.tensors["classifiers.more"] = try Tensor([1], [Float(1)]) }
        try broken("holds bytes") { $0.tensors["classifiers.my.knn.votes"] = try Tensor([1], [UInt8(1)]) }
        try broken("extra") { $0.tensors["extra"] = try Tensor([1], [Float(1)]) }
        try broken("no number") {
            let shape = try #require($0.tensors["classifiers.my.logistic.biases"]).shape
            $0.tensors["classifiers.my.logistic.biases"] = try Tensor(shape, [1, .nan, 1, 1] as [Float])
        }
    }

    /// Damage to the description, drawn from a seed.
    @Test func fuzz() throws {
        try model().write(to: path)
        let sound = try SafetensorsFile(reading: path)
        let text = Array(try #require(sound.metadata["sora.classifiers"]).utf8)
        var random = SeededRandom(seed: 5)
        let end = ContinuousClock.now + .seconds(2)
        var refused = 0
        for _ in 0..<300 where ContinuousClock.now < end {
            var bytes = text
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                bytes[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(in: 32...126, using: &random)
            }
            var file = sound
            file.metadata["sora.classifiers"] = String(decoding: bytes, as: UTF8.self)
            try file.write(to: path)
            do { _ = try Model(reading: path) } catch {
                #expect(error is ModelError, "\(error)")
                refused += 1
            }
        }
        #expect(refused > 10)
    }
}
