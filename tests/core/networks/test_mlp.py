import pytest
import torch
from safetensors.torch import load_file

from core.networks.mlp import Mlp, MlpConfig, load_mlp, normalise, save_mlp


def test_the_reference_has_1738890_parameters():
    assert sum(p.numel() for p in Mlp().parameters()) == 1_738_890


def test_the_forward_pass_is_the_layers_written_out():
    network = Mlp().eval()
    x = torch.randn(4, 3, 32, 32)
    by_hand = x.reshape(4, 3072)
    for layer in network.hidden:
        by_hand = (by_hand @ layer.weight.T + layer.bias).clamp(min=0)
    by_hand = torch.log(torch.softmax(by_hand @ network.output.weight.T + network.output.bias, 1))
    torch.testing.assert_close(network(x), by_hand)
    torch.testing.assert_close(network(x).exp().sum(1), torch.ones(4))


def test_only_training_drops_before_the_last_layer():
    network = Mlp(MlpConfig(dropout=0.5))
    x = torch.randn(2, 3, 32, 32)
    assert not torch.equal(network(x), network(x))
    network.eval()
    assert torch.equal(network(x), network(x))


def test_a_permutation_moves_every_pixel_once_and_keeps_its_colour():
    plain, shuffled = Mlp(MlpConfig()).eval(), Mlp(MlpConfig(permutation=1)).eval()
    assert sorted(shuffled.places.tolist()) == list(range(1024))
    assert not torch.equal(plain.places, shuffled.places)
    shuffled.load_state_dict(plain.state_dict())
    x = torch.randn(2, 3, 32, 32)
    moved = x.flatten(2)[:, :, shuffled.places].view_as(x)
    torch.testing.assert_close(shuffled(x), plain(moved))


def test_what_is_saved_is_what_is_loaded(tmp_path):
    network = Mlp(MlpConfig(hidden=(8, 4), permutation=3)).eval()
    save_mlp(network, tmp_path)
    again = load_mlp(tmp_path)
    x = torch.randn(2, 3, 32, 32)
    assert again.config == network.config
    assert not again.training
    torch.testing.assert_close(again(x), network(x))
    assert "places" not in load_file(tmp_path / "model.safetensors")


def test_normalised_pictures_have_the_channels_first_and_mean_0():
    config = MlpConfig(mean=(0.5, 0.5, 0.5), std=(0.5, 0.5, 0.5))
    pictures = torch.tensor([0, 255], dtype=torch.uint8).repeat(1, 32, 16)[..., None].expand(1, 32, 32, 3)
    x = normalise(pictures, config)
    assert x.shape == (1, 3, 32, 32)
    assert x.unique().tolist() == [-1, 1]


@pytest.mark.parametrize("changes", [{"hidden": ()}, {"hidden": (0,)}, {"dropout": 1.0}, {"mean": (0.5,)}])
def test_a_config_that_cannot_be_is_refused(changes):
    with pytest.raises(AssertionError, match=r"hidden|dropout|mean"):
        MlpConfig(**changes)


def test_a_picture_of_another_size_is_refused_with_both_shapes():
    with pytest.raises(AssertionError, match=r"\(3, 32, 32\).*\(3, 28, 28\)"):
        Mlp()(torch.zeros(1, 3, 28, 28))
