import Foundation
import Neural
import SoraModel
import Testing

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// A model file gives back what was written, and any other file is an error that names it.
@Suite struct ModelFileTests {
    private let folder: TemporaryFolder
    init() throws { folder = try TemporaryFolder() }

    @Test func everyBitComesBack() throws {
        var configuration = TestModels.configuration(labels: ["é \"quoted\"\n", "right", "up, or down"])
        configuration.temporal.fusion = .attention
        let model = try TestModels.model(configuration)
        let path = folder.file("m.safetensors")
        try model.write(to: path)
        let again = try Model(reading: path)
        #expect(again.configuration == configuration)
        #expect(again.configuration.labels == configuration.labels)
        #expect(again.configuration.clip == configuration.clip)
        for parameter in model.parameters.parameters {
            let (a, b) = (try model.parameters.tensor(parameter.name), try again.parameters.tensor(parameter.name))
            #expect(a.floats.map(\.bitPattern) == b.floats.map(\.bitPattern), "\(parameter.name)")
        }
        // Writing it again gives the same bytes: files can be compared by their checksums.
        try again.write(to: folder.file("n.safetensors"))
        #expect(
            FileManager.default.contentsEqual(atPath: path, andPath: folder.file("n.safetensors")))
        let frames = TestModels.frames(configuration, clips: 1)
        let first = try Predictor(model, backend: OneDNNBackend()).predict(frames, clips: 1)
        let second = try Predictor(again, backend: OneDNNBackend()).predict(frames, clips: 1)
        #expect(first[0].embedding == second[0].embedding && first[0].probabilities == second[0].probabilities)
    }

    @Test func theTemperatureComesBackAndIsUsed() throws {
        let model = try TestModels.model()
        let path = folder.file("t.safetensors")
        try model.write(to: path)
        #expect(try Model(reading: path).temperature == nil)
        model.temperature = 2.5
        try model.write(to: path)
        let again = try Model(reading: path)
        #expect(again.temperature == 2.5)
        let frames = TestModels.frames(model.configuration, clips: 1)
        let hot = try Predictor(again, backend: OneDNNBackend()).predict(frames, clips: 1)[0]
        again.temperature = nil
        let plain = try Predictor(again, backend: OneDNNBackend()).predict(frames, clips: 1)[0]
        #expect(hot.logits == plain.logits && hot.ranking == plain.ranking && hot.probabilities != plain.probabilities)
        // Shares of e^(x / 2.5): logarithms of their ratios are those of the outputs, divided.
        for label in 1..<3 {
            let found = log(Double(hot.probabilities[label] / hot.probabilities[0]))
            #expect(abs(found - Double(plain.logits[label] - plain.logits[0]) / 2.5) < 1e-5)
        }
        for nonsense in ["", "warm", "0", "-1", "nan", "inf", "1e9"] {
            try expectError("temperature \(nonsense)", written(), says: "temperature") {
                $0.metadata["sora.temperature"] = nonsense
            }
        }
    }

    @Test(arguments: [Float.nan, .infinity]) func weightsThatAreNoNumbersAreRefused(_ weight: Float) throws {
        let model = try TestModels.model()
        let name = try #require(model.parameters.parameters.last?.name)
        var tensor = try model.parameters.tensor(name)
        var floats = tensor.floats
        floats[floats.count - 1] = weight
        tensor = try Tensor(tensor.shape, floats)
        try model.parameters.set(name, to: tensor)
        let path = folder.file("broken.safetensors")
        try model.write(to: path)
        let error = #expect(throws: ModelError.self) { try Model(reading: path) }
        #expect(error?.message.contains(path) == true && error?.message.contains(name) == true)
    }

    @Test func everyPresetsConfigurationComesBack() throws {
        for preset in Preset.allCases {
            var configuration = preset.configuration
            configuration.labels = ["no", "yes"]
            let data = try JSONEncoder().encode(configuration)
            #expect(try JSONDecoder().decode(ModelConfiguration.self, from: data) == configuration)
        }
    }

    @Test func metadataOfOthersIsRefused() throws {
        let good = try written()
        try expectError("no metadata", good, says: "without a Sora configuration") { $0.metadata = [:] }
        try expectError("another format", good, says: "format 2") { $0.metadata["sora.format"] = "2" }
        try expectError("no JSON", good, says: "cannot be read") { $0.metadata["sora.configuration"] = "{" }
        try expectError("other JSON", good, says: "cannot be read") { $0.metadata["sora.configuration"] = "[1]" }
    }

    @Test func nonsenseInTheConfigurationIsRefused() throws {
        let good = try written()
        for (name, old, new, field) in [
            ("frames", "\"frames\":5", "\"frames\":-5", "clip.specification.frames"),
            ("size", "\"height\":24", "\"height\":2000000000", "clip.specification.height"),
            ("hidden", "\"hidden\":6", "\"hidden\":9000000000000000000", "temporal.hidden"),
            ("layers", "\"layers\":1", "\"layers\":0", "temporal.layers"),
            ("blocks", "\"blocks\":[1,2]", "\"blocks\":[1]", "backbone.residual"),
            ("blocks count", "\"blocks\":[1,2]", "\"blocks\":[1,4000000]", "backbone.residual"),
            ("kernel", "\"stemKernel\":3", "\"stemKernel\":4", "backbone.residual.stemKernel"),
            ("labels", "[\"left\",\"right\",\"up\"]", "[\"left\",\"left\",\"up\"]", "labels"),
            ("dropout", "\"dropout\":0", "\"dropout\":1", "head.dropout"),
            ("deviation", "\"deviation\":[", "\"deviation\":[0,", "clip.mean and clip.deviation"),
            ("embedding", "\"embeddingSize\":7", "\"embeddingSize\":-1", "embeddingSize"),
            ("huge number", "\"hidden\":6", "\"hidden\":1e300", "cannot be read"),
        ] {
            try expectError(name, good, says: field) {
                let json = try #require($0.metadata["sora.configuration"])
                #expect(json.contains(old), "\(old) in \(json)")
                $0.metadata["sora.configuration"] = json.replacing(old, with: new)
            }
        }
    }

    @Test func tensorsOfAnotherNetworkAreRefused() throws {
        let good = try written()
        try expectError("missing", good, says: "head.bias is missing") { $0.tensors["head.bias"] = nil }
        try expectError("extra", good, says: "other") { $0.tensors["other"] = try Tensor([1], [Float(1)]) }
        try expectError("misshapen", good, says: "head.bias") {
            $0.tensors["head.bias"] = try Tensor([2], [Float](repeating: 0, count: 2))
        }
        try expectError("integers", good, says: "head.bias") {
            $0.tensors["head.bias"] = try Tensor([3], [Int32](repeating: 0, count: 3))
        }
        try expectError("network too deep for its frames", good, says: "") {
            let json = try #require($0.metadata["sora.configuration"])
            $0.metadata["sora.configuration"] = json.replacing("\"stemKernel\":3", with: "\"stemKernel\":31")
        }
    }

    /// Every way to be cut short, and files that are something else.
    @Test func truncatedAndAlienFilesAreRefused() throws {
        let bytes = try Data(contentsOf: URL(fileURLWithPath: written()))
        let path = folder.file("cut.safetensors")
        for length in [0, 1, 7, 8, 9, 100, bytes.count / 2, bytes.count - 1] {
            try bytes.prefix(length).write(to: URL(fileURLWithPath: path))
            expectError(path)
        }
        try (bytes + [0]).write(to: URL(fileURLWithPath: path))
        expectError(path)
        for alien in [Data("PK\u{3}\u{4} a zip file, as PyTorch's are".utf8), Data(repeating: 0xFF, count: 4096)] {
            try alien.write(to: URL(fileURLWithPath: path))
            expectError(path)
        }
        expectError(folder.file("not there.safetensors"))
        expectError(folder.path)
    }

    /// A small file that asks for 2.5 TB of weights is refused before anything is allocated.
    @Test func aConfigurationThatAsksForTerabytesIsRefused() async throws {
        await #expect(processExitsWith: .success) {
            // Or a machine that hands out memory that it has not would start swapping.
            var limit = rlimit(rlim_cur: 8 << 30, rlim_max: 8 << 30)
            #if canImport(Glibc)
                unsafe setrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limit)
            #else
                unsafe setrlimit(RLIMIT_AS, &limit)
            #endif
            let folder = try TemporaryFolder()
            let path = folder.file("vast.safetensors")
            try TestModels.model().write(to: path)
            var file = try SafetensorsFile(reading: path)
            let json = try #require(file.metadata["sora.configuration"])
            file.metadata["sora.configuration"] = json.replacing(
                "\"channels\":[8,16]", with: "\"channels\":[8192,8192]"
            )
            .replacing("\"blocks\":[1,2]", with: "\"blocks\":[64,64]")
            try file.write(to: path)
            do {
                _ = try Model(reading: path)
                exit(2)
            } catch {
                exit("\(error)".contains(path) ? 0 : 3)
            }
        }
    }

    private func written() throws -> String {
        let path = folder.file("good.safetensors")
        try TestModels.model().write(to: path)
        return path
    }

    private func expectError(
        _ name: String, _ good: String, says words: String, sourceLocation: SourceLocation = #_sourceLocation,
        change: (inout SafetensorsFile) throws -> Void
    ) throws {
        var file = try SafetensorsFile(reading: good)
        try change(&file)
        let path = folder.file("\(name).safetensors")
        try file.write(to: path)
        expectError(path, says: words, sourceLocation: sourceLocation)
    }

    private func expectError(
        _ path: String, says words: String = "", sourceLocation: SourceLocation = #_sourceLocation
    ) {
        do {
            _ = try Model(reading: path)
            Issue.record("\(path) was read", sourceLocation: sourceLocation)
        } catch {
            let text = "\(error)"
            #expect(text.contains(path), "the file's name in: \(text)", sourceLocation: sourceLocation)
            #expect(words.isEmpty || text.contains(words), "\(words) in: \(text)", sourceLocation: sourceLocation)
        }
    }
}
