import Foundation
import Neural
import SoraModel
import Testing
import Training

/// Losses of each kind of head against PyTorch (Fixtures/losses.py): class weights, label smoothing, focusing, several labels.
@Suite struct LossTests {
    struct Case: Decodable, Sendable, CustomTestStringConvertible {
        var head: Head.Kind
        var labels: [[Int]]
        var outputs: Int
        var smoothing: Float
        var focusing: Float
        var weights: [Float]?
        var logits: [Float]
        var loss: Double
        var gradient: [Double]
        var testDescription: String {
            "\(head), smoothing \(smoothing), focusing \(focusing), weights \(weights ?? [])"
        }
    }

    struct Fixture: Decodable { var cases: [Case] }

    static let cases: [Case] =
        (try? JSONDecoder().decode(
            Fixture.self,
            from: Data(
                contentsOf: URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent(
                    "Fixtures/losses.json"))
        ).cases) ?? []

    @Test func theFixtureIsThere() { #expect(Self.cases.count == 24) }

    @Test(arguments: cases) func lossesArePyTorchs(_ each: Case) throws {
        let head = Head(kind: each.head)
        var graph = Graph()
        let logits = try graph.input("logits", TensorType([each.labels.count, each.outputs]))
        let function = LossFunction(classWeights: each.weights, labelSmoothing: each.smoothing, focusing: each.focusing)
        let loss = try function.build(&graph, logits: logits, head: head)
        let gradient = try graph.gradients(of: loss, withRespectTo: [logits])[0]
        let labels = each.head == .binary ? 2 : each.outputs
        var inputs = [
            "logits": try Tensor([each.labels.count, each.outputs], each.logits),
            "targets": try Tensor([each.labels.count, each.outputs], head.targets(each.labels, labels: labels)),
        ]
        if let weights = each.weights { inputs[LossFunction.weightsInput] = try Tensor([weights.count], weights) }
        let results = try OneDNNBackend().compile(graph, outputs: [GraphOutput(loss), GraphOutput(gradient)]).run(
            inputs, parameters: ParameterBuffer([]), gradients: nil)
        // oneDNN's exponentials, in single precision, are good to about 1e-6 of the largest.
        #expect(abs(Double(results[0].floats[0]) - each.loss) < 1e-5 * each.loss)
        let scale = each.gradient.map(abs).max() ?? 0
        for (found, expected) in zip(results[1].floats, each.gradient) {
            #expect(abs(Double(found) - expected) < 1e-5 * scale)
        }
    }

    @Test func smoothingOutOfRangeIsAnError() throws {
        for kind in Head.Kind.allCases {
            for smoothing: Float in [-0.1, 1, .nan] {
                var graph = Graph()
                let logits = try graph.input("logits", TensorType([2, 1]))
                #expect(throws: NeuralError.self) {
                    try LossFunction(labelSmoothing: smoothing).build(&graph, logits: logits, head: Head(kind: kind))
                }
            }
        }
    }

    @Test func targetsAreTheLabels() {
        #expect(Head(kind: .binary).targets([[0], [1]], labels: 2) == [0, 1])
        #expect(Head(kind: .multiClass).targets([[2], [0]], labels: 3) == [0, 0, 1, 1, 0, 0])
        #expect(Head(kind: .multiLabel).targets([[0, 2], []], labels: 3) == [1, 0, 1, 0, 0, 0])
    }

    @Test func rightClipsAreCounted() {
        #expect(Head(kind: .binary).correct([1, -1, 2], labels: [[1], [1], [0]]) == 1)
        #expect(Head(kind: .multiClass).correct([1, 2, 0, 5, 4, 3], labels: [[1], [2]]) == 1)
        #expect(Head(kind: .multiLabel).correct([1, -1, 2, 1, 1, 1], labels: [[0, 2], [0]]) == 1)
        #expect(Head(kind: .multiLabel).correct([], labels: []) == 0)
    }

    /// scikit-learn's `balanced`, clips / (classes * clips of the class), and PyTorch's `pos_weight`, negatives over
    /// positives: six dark clips and two light ones.
    @Test func balanceIsTheInverseOfTheShare() throws {
        let run = try TestRun(dark: 6, light: 2)
        let data = try run.data(TestRun.options(), TestRun.configuration(), validates: false)
        #expect(data.balancingWeights(head: Head(kind: .multiClass)) == [Float(8) / 12, 2])
        #expect(data.balancingWeights(head: Head(kind: .binary)) == [3])
        #expect(data.balancingWeights(head: Head(kind: .multiLabel)) == [Float(2) / 6, 3])
    }

    /// What is left alone, weighted, and sampled where nobody says.
    @Test func balanceFollowsTheData() throws {
        for (dark, light, expected) in [(4, 3, ClassBalance.none), (6, 2, .weights), (9, 2, .sampling)] {
            let run = try TestRun(dark: dark, light: light)
            let data = try run.data(TestRun.options(), TestRun.configuration(), validates: false)
            #expect(abs(data.imbalance.ratio - Double(dark) / Double(light)) < 1e-9)
            #expect(data.balance(.auto, head: Head()) == expected)
            #expect(data.balance(.auto, head: Head(kind: .multiLabel)) == .none)
            #expect(data.balance(.weights, head: Head()) == .weights)
        }
    }
}
