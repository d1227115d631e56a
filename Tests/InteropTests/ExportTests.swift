import Foundation
import Interop
import Neural
import SoraModel
import Testing

/// What an export holds, and what cannot be exported.
@Suite struct ExportTests {
    private let folder: TemporaryFolder
    init() throws { folder = try TemporaryFolder() }

    private func model(_ preset: Preset) throws -> Model {
        var configuration = preset.configuration
        configuration.labels = configuration.head.kind == .binary ? ["no", "yes"] : ["a", "b", "c"]
        return try Model(configuration, seed: 1)
    }

    /// Every operator reads what is there before it, every tensor is read, and names are given once.
    @Test(arguments: Preset.allCases) func presetsAreSoundGraphs(_ preset: Preset) throws {
        let model = try model(preset)
        let export = try ONNXExport(model, version: "0")
        let onnx = export.model
        var known = Set(onnx.initializers.map(\.name) + onnx.inputs.map(\.name))
        #expect(known.count == onnx.initializers.count + 1)
        var read: Set<String> = []
        for node in onnx.nodes {
            for input in node.inputs { #expect(known.contains(input), "\(node.name) reads \(input)") }
            for output in node.outputs { #expect(known.insert(output).inserted, "\(output) is made twice") }
            read.formUnion(node.inputs)
        }
        #expect(Set(onnx.nodes.map(\.name)).count == onnx.nodes.count)
        #expect(onnx.initializers.allSatisfy { read.contains($0.name) })
        #expect(onnx.outputs.map(\.name) == ["embedding", "probabilities"])
        for output in onnx.outputs { #expect(known.contains(output.name)) }

        func count(_ operation: String) -> Int { onnx.nodes.count { $0.operation == operation } }
        let graph = try model.network.wholeGraph(clips: 1, isTraining: false).graph
        let convolutions = graph.nodes.count { node in
            if case .convolution = node.operation { true } else { false }
        }
        #expect(count("Conv") == convolutions && convolutions > 1)
        // Both directions of a layer are one operator.
        #expect(count("GRU") == 1)
        // Bytes are turned once, and images never: their channels stay first. Two turns bring frames in order of time
        // to the GRU and its states back.
        let turns = onnx.nodes.filter { $0.operation == "Transpose" }
        #expect(turns.count <= (preset == .small ? 4 : 2), "\(turns.map(\.name))")
        // All weights are there, those of the GRU in another order; so the file is as large as they are.
        let weights = model.parameters.parameters.reduce(0) { $0 + $1.shape.elementCount * 4 }
        #expect(export.byteCount > weights && export.byteCount < weights + 200_000)
        let clip = model.configuration.clip
        #expect(export.input.sizes == [nil, clip.frames, clip.size, clip.size, 3])
        #expect(export.outputs[1].sizes == [nil, preset == .article ? 2 : 3])
    }

    @Test func metadataSaysHowFramesAreMade() throws {
        let model = try Networks.model(Networks.all[1].configuration)
        let pairs = try ONNXExport(model, version: "0").model.metadata
        let metadata = Dictionary(uniqueKeysWithValues: pairs.map { ($0.key, $0.value) })
        #expect(metadata["sora.frames"] == "5" && metadata["sora.size"] == "24")
        #expect(metadata["sora.fit"] == "letterbox" && metadata["sora.margin"] == "1.25")
        #expect(metadata["sora.mean"] == "[0.4, 0.5, 0.6]" && metadata["sora.deviation"] == "[0.2, 0.25, 0.3]")
        #expect(
            metadata["sora.resize"]
                == "each frame, upright and with square pixels, to lie inside 30x30, on black, then its middle 24x24")
        #expect(metadata["sora.labels"] == #"["a \"b\"","ü/ü","c"]"#)
        let json = try #require(metadata["sora.configuration"])
        #expect(
            try JSONDecoder().decode(ModelConfiguration.self, from: Data(json.utf8)) == model.configuration)
    }

    /// An operation without translation is named, with where it stands.
    @Test func operationsWithoutTranslationAreNamed() throws {
        func graph(_ clips: Int) throws -> (Graph, Graph.Value) {
            var graph = Graph()
            let frames = try graph.input("frames", TensorType([4 * clips, 6, 6, 3], .uint8))
            let x = try graph.normalizeFrames(frames, scale: [1, 1, 1], shift: [0, 0, 0])
            graph.scope = "layer9"
            let y = graph.unary(.gelu, x)
            return (graph, y)
        }
        let (two, y) = try graph(2)
        let (three, five) = (try graph(3).0, try graph(5).0)
        let parameters = try ParameterBuffer([])
        let error = #expect(throws: InteropError.self) {
            var translation = try ONNXTranslation(
                two, sizes: OpenSizes(two: two, three: three), parameters: parameters, frames: "frames",
                reserved: ["y"])
            try translation.conclude([(y, "y")])
        }
        #expect(try #require(error).message.hasPrefix("layer9: there is no ONNX for unary(Neural.Unary.gelu)"))
        #expect(throws: InteropError.self) { try OpenSizes(two: two, three: five) }
    }

    @Test func filesThatCannotBeWrittenAreNamed() throws {
        let export = try ONNXExport(Networks.model(Networks.all[0].configuration), version: "0")
        let path = folder.file("none/model.onnx")
        let error = #expect(throws: NeuralError.self) { try export.write(to: path) }
        #expect(try #require(error).message.contains(path))
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
    }
}
