import torch
from torch import nn

from core.training.muon import Muon, muon_for, orthogonalised


def test_an_orthogonalised_matrix_has_singular_values_near_1_and_the_same_directions():
    torch.manual_seed(0)
    for shape in ((16, 48), (48, 16), (16, 16)):
        matrix = torch.randn(shape)
        found = orthogonalised(matrix)
        values = torch.linalg.svdvals(found)
        assert found.shape == matrix.shape
        assert values.min() > 0.3
        assert values.max() < 1.4
        u, _, v = torch.linalg.svd(matrix, full_matrices=False)
        alignment = (found * (u @ v)).sum() / (found.norm() * (u @ v).norm())
        assert alignment > 0.9


def test_groups_that_are_no_matrices_are_stepped_as_by_adamw():
    torch.manual_seed(0)
    ours, theirs = nn.Linear(5, 3), nn.Linear(5, 3)
    theirs.load_state_dict(ours.state_dict())
    a = Muon([{"params": list(ours.parameters()), "weight_decay": 0.1}], lr=0.01)
    b = torch.optim.AdamW(theirs.parameters(), lr=0.01, betas=(0.9, 0.98), weight_decay=0.1)
    for _ in range(5):
        x = torch.randn(4, 5)
        for network, optimizer in ((ours, a), (theirs, b)):
            optimizer.zero_grad()
            network(x).square().sum().backward()
            optimizer.step()
    for mine, other in zip(ours.parameters(), theirs.parameters(), strict=True):
        torch.testing.assert_close(mine, other)


def test_every_weight_lies_in_one_group_and_vectors_do_not_decay():
    network = nn.Sequential(nn.Linear(4, 4), nn.LayerNorm(4), nn.Conv2d(4, 4, 3), nn.Linear(4, 2))
    optimizer = muon_for(network, 0.1, 0.5, ("3.",))
    grouped = [p for group in optimizer.param_groups for p in group["params"]]
    assert sorted(map(id, grouped)) == sorted(map(id, network.parameters()))
    for group in optimizer.param_groups:
        for weight in group["params"]:
            assert (group["weight_decay"] == 0) == (weight.ndim < 2)
            assert group["matrix"] == (weight is network[0].weight or weight is network[2].weight)


def test_muon_fits_a_linear_map():
    torch.manual_seed(0)
    network, target = nn.Linear(8, 8, bias=False), torch.randn(8, 8)
    optimizer = muon_for(network, 0.1, 0.0, ())
    x = torch.randn(64, 8)
    for step in range(200):
        optimizer.param_groups[0]["lr"] = 0.2 * (1 - step / 200)
        optimizer.zero_grad()
        loss = (network(x) - x @ target.T).square().mean()
        loss.backward()
        optimizer.step()
    assert loss < 0.05
