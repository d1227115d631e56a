import Foundation
import Neural
import Testing

/// An optimiser that is stored and taken up again goes on to the bit.
@Suite struct OptimiserStateTests {
    static let configurations: [OptimizerConfiguration] = [
        .sgd(), .sgd(momentum: 0.9, nesterov: true), .adam(weightDecay: 0.1), .adamW(),
    ]

    private func step(_ optimizer: Optimizer, _ average: WeightAverage, _ network: ParameterBuffer, _ number: UInt64)
        throws
    {
        let gradients = try network.zeros()
        gradients.initialize(seed: 100 + number)
        try optimizer.step(parameters: network, gradients: gradients, learningRate: 0.01)
        try average.update(with: network)
    }

    private func network() throws -> ParameterBuffer {
        let network = try ParameterBuffer([
            Parameter("a.weight", [5, 7], initializer: .uniform(bound: 1)),
            Parameter("a.bias", [5], initializer: .uniform(bound: 1)),
            Parameter("a.mean", [5], isTrainable: false, initializer: .constant(2)),
        ])
        network.initialize(seed: 1)
        return network
    }

    @Test(arguments: configurations) func resumesToTheBit(_ configuration: OptimizerConfiguration) throws {
        try withTemporaryFolder { folder in
            let network = try network()
            let optimizer = try Optimizer(configuration, for: network)
            let average = try WeightAverage(decay: 0.9, for: network)
            for number in 0..<3 { try step(optimizer, average, network, UInt64(number)) }

            let path = folder + "/state.safetensors"
            try SafetensorsFile(
                tensors: network.tensors(prefix: "model.")
                    .merging(optimizer.state()) { $1 }.merging(average.state()) { $1 }
            ).write(to: path)

            let file = try SafetensorsFile(reading: path)
            let otherNetwork = try self.network()
            try otherNetwork.load(from: file, prefix: "model.")
            let other = try Optimizer(configuration, for: otherNetwork)
            try other.restore(from: file)
            let otherAverage = try WeightAverage(decay: 0.9, for: otherNetwork)
            try otherAverage.restore(from: file)
            #expect(other.stepCount == 3 && otherAverage.updateCount == 3)

            for number in 3..<6 {
                try step(optimizer, average, network, UInt64(number))
                try step(other, otherAverage, otherNetwork, UInt64(number))
            }
            #expect(try other.state() == optimizer.state())
            #expect(try otherAverage.state() == average.state())
            for parameter in network.parameters {
                #expect(try network.tensor(parameter.name) == otherNetwork.tensor(parameter.name))
            }
            other.reset()
            #expect(try other.state() == Optimizer(configuration, for: network).state())
        }
    }

    @Test func refusesAnotherOptimisersState() throws {
        let network = try network()
        let adam = try Optimizer(.adam(), for: network)
        try adam.step(parameters: network, gradients: network.zeros(), learningRate: 0.1)
        let momentum = try Optimizer(.sgd(momentum: 0.5), for: network)
        try momentum.step(parameters: network, gradients: network, learningRate: 0.1)
        let before = try momentum.state()
        let error = #expect(throws: NeuralError.self) {
            try momentum.restore(from: SafetensorsFile(tensors: adam.state()))
        }
        #expect(error?.message.contains("belongs to another optimiser than sgd") == true)
        #expect(throws: NeuralError.self) { try adam.restore(from: SafetensorsFile(tensors: momentum.state())) }
        #expect(throws: NeuralError.self) { try Optimizer(.sgd(), for: network).restore(from: SafetensorsFile()) }
        // Of two moments the second is missing: the first stays as it was.
        let adamBefore = try adam.state()
        let partial = adamBefore.filter { !$0.key.hasPrefix("optimizer.second.") }
        #expect(throws: NeuralError.self) { try adam.restore(from: SafetensorsFile(tensors: partial)) }
        #expect(try adam.state() == adamBefore && momentum.state() == before)
    }
}
