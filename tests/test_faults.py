"""What may go wrong, by number, and the tests that prove what it gets; a named test that does not exist fails."""

import re
from pathlib import Path

import pytest

I, T, H, R = "core/data/test_images", "core/text/test_tokens", "core/models/test_hub", "core/models/test_registry"  # noqa: E741
G, S = "server/test_guard", "server/test_admission"
N = "components/models/test_network"
A, C = "core/data/test_annotations", "components/segmentation/test_score"
B, P, V = "browser/test_segmentation", "components/segmentation/test_tab", "core/data/test_avif"
Proof = tuple[str, str]  # file below tests/, and the test's name
PROOFS: dict[int, Proof | tuple[Proof, ...]] = {
    1: (G, "a_small_file_of_169_megapixels_is_refused_before_it_is_decoded"),
    2: (G, "a_picture_inside_an_address_is_refused"),
    3: (
        (G, "five_million_characters_are_refused_with_and_without_a_declared_length"),
        (G, "a_million_characters_reach_core_which_says_the_limit"),
        (T, "a_million_characters_are_refused_before_the_tokenizer_sees_them"),
    ),
    4: (G, "the_queue_cannot_be_gone_round"),
    5: (G, "the_server_is_no_open_proxy"),
    6: (G, "an_upload_has_a_largest_number_of_files"),
    7: (
        (S, "a_page_waits_for_its_own_long_job_only"),
        ("browser/test_waiting", "every_lab_says_which_place_its_request_has_in_the_queue"),
    ),
    8: (I, "a_truncated_file_is_refused"),
    9: (I, "an_empty_file_is_refused"),
    10: (I, "text_named_as_a_picture_is_refused"),
    11: (I, "svg_is_refused_by_name"),
    12: (I, "heic_says_to_save_it_as_a_jpeg"),
    13: (I, "an_exif_rotated_photo_is_turned_upright"),
    14: (I, "cmyk_is_converted"),
    15: (I, "alpha_is_laid_over_white_so_that_hidden_colour_stays_hidden"),
    16: (I, "a_palette_is_converted_whatever_the_format"),
    17: (I, "sixteen_bit_grey_is_rescaled_rather_than_clipped"),
    18: (I, "a_float_tiff_is_refused"),
    19: (I, "of_an_animation_the_first_frame_is_used_and_it_says_so"),
    20: (I, "one_pixel_works"),
    21: (I, "a_strip_of_twenty_thousand_pixels_is_refused_with_its_size"),
    22: (I, "grey_is_converted"),
    23: (I, "a_mislabelled_picture_of_an_allowed_kind_is_read"),
    24: (I, "a_bad_colour_profile_is_ignored"),
    25: (A, "an_annotation_with_ids_over_150_names_them"),
    26: (T, "an_empty_sentence_is_refused"),
    27: (T, "emoji_alone_are_said_to_be_unknown"),
    28: (T, "a_million_characters_are_refused_before_the_tokenizer_sees_them"),
    29: (T, "more_tokens_than_the_limit_are_cut_and_the_count_is_said"),
    30: (
        (T, "a_typed_special_token_is_literal_text"),
        ("core/text/test_fill", "only_the_mask_is_a_special_token_here"),
    ),
    31: ("browser/test_injection", "what_is_typed_is_text_in_every_view"),
    32: (T, "persian_keeps_its_letters_and_its_order"),
    33: (T, "control_characters_are_left_out_and_counted"),
    34: (T, "lone_surrogates_are_replaced_and_counted"),
    35: (T, "a_pair_longer_than_the_limit_is_cut_on_both_sides"),
    36: (H, "no_network_is_said_at_once"),
    37: (H, "a_captive_portal_is_not_taken_for_the_hub"),
    38: (H, "a_process_killed_in_the_middle_leaves_a_cache_that_recovers"),
    39: (H, "a_disk_that_fills_up_on_the_way_is_said"),
    40: (H, "a_file_that_rots_in_the_cache_is_fetched_again"),
    41: (R, "thirty_first_requests_are_one_load"),
    42: (R, "a_failed_load_reaches_all_who_wait_and_is_tried_again"),
    43: (R, "a_card_that_stays_full_means_the_cpu_with_a_notice"),
    44: (R, "a_request_waits_for_a_model_in_use_to_be_given_back"),
    45: ("components/test_endpoints", "an_unknown_model_names_the_choices"),
    46: (S, "computing_stops_when_the_reader_leaves"),
    47: (
        ("browser/test_cifar", "stop_ends_the_computing_says_so_and_the_next_run_works"),
        ("core/pictures/test_evaluation", "a_stop_is_heard_before_the_next_turn_and_no_classifier_is_ahead"),
    ),
    48: (
        ("browser/test_cifar", "a_double_click_on_start_is_one_run_and_the_next_one_works"),
        ("browser/test_attention", "a_double_click_on_look_is_one_question_and_the_next_one_works"),
    ),
    49: ("browser/test_cifar", "two_tabs_of_one_browser_keep_their_own_result_and_their_own_stop"),
    50: (S, "a_full_queue_says_that_it_is_busy_and_then_works_again"),
    51: (
        ("browser/test_restart", "a_page_that_was_idle_during_a_restart_just_works_or_says_what_is_lost"),
        ("browser/test_restart", "a_page_that_was_at_work_during_a_restart_opens_its_view_again_and_says_what_is_lost"),
    ),
    52: (S, "sigterm_lets_the_app_end_by_itself_and_leave_nothing"),
    53: ("components/test_endpoints", "two_users_at_once_never_get_each_others_answer"),
    54: (
        ("server/test_gradio_queue", "a_stream_that_nobody_reads_waits_is_given_up_and_leaves_the_others_alone"),
        ("server/test_gradio_queue", "a_slow_reader_makes_the_stream_slow_and_gets_all_of_it"),
        ("server/test_gradio_queue", "an_answer_that_nobody_fetches_is_dropped_in_the_end"),
    ),
    55: (S, "light_events_are_answered_while_long_ones_run"),
    56: (G, "no_file_of_the_machine_or_the_project_is_served"),
    57: (G, "no_folder_is_opened_to_the_page"),
    58: ("server/test_event_log", "no_text_and_no_session_reach_the_log_of_the_running_app"),
    59: (
        (G, "every_answer_carries_the_security_headers"),
        ("browser/test_machine", "every_lab_is_used_without_a_request_beyond_this_machine"),
    ),
    60: (
        ("tools/test_audit", "every_package_of_the_lock_is_asked_for"),
        ("tools/test_audit", "a_known_vulnerability_fails_the_audit_and_names_the_version_without_it"),
        ("tools/test_audit", "an_audit_without_a_service_within_reach_has_not_passed"),
    ),
    61: (
        (N, "pages_that_wait_for_a_hub_that_never_answers_do_not_delay_attend"),
        (N, "offline_no_choice_of_the_hub_is_drawn"),
        ("core/test_network", "that_nobody_answers_is_said_at_once_of_everything_for_a_minute"),
        ("browser/test_network", "what_only_the_hub_has_is_grey_with_its_reason_and_cannot_be_chosen"),
        ("browser/test_network", "a_model_that_does_not_answer_is_said_once_and_the_field_names_the_one_that_did"),
        ("browser/test_network", "the_segmentation_labs_field_names_the_model_that_answered_too"),
    ),
    62: (
        ("components/cifar/test_counts", "without_a_network_fields_end_at_what_is_shipped"),
        ("components/cifar/test_counts", "fields_follow_the_source_that_is_chosen"),
        ("core/lab/test_picture_runs", "a_training_learns_from_as_many_pictures_as_were_asked_for_or_as_there_are"),
        ("browser/test_cifar", "what_a_training_came_to_is_said_as_it_came"),
    ),
    63: (
        (T, "a_word_in_latin_letters_is_never_called_another_language"),
        (T, "another_language_is_told_by_the_share_of_unknown_and_single_letter_pieces"),
    ),
    64: (
        (T, "a_word_beyond_the_tokenizers_limit_is_said_to_be_too_long"),
        (T, "thai_is_said_to_have_a_character_that_the_vocabulary_lacks"),
        ("browser/test_attention_tokens", "the_text_behind_an_unknown_token_is_shown_on_hover"),
    ),
    65: (
        ("core/text/test_heads", "a_separator_typed_as_one_counts_among_the_separators"),
        ("core/text/test_matrices", "a_separator_and_a_first_token_that_were_typed_as_such_are_left_out_too"),
        (T, "a_text_that_brings_its_own_frame_gets_a_hint"),
    ),
    66: (
        ("components/test_endpoints", "attend_says_in_its_notes_what_the_page_says"),
        ("components/cifar/test_endpoints", "the_answers_say_what_was_done_to_what_was_asked"),
    ),
    67: (
        ("browser/test_attention_findings", "every_layer_says_which_token_takes_most_of_its_attention"),
        ("browser/test_attention_findings", "rollout_is_told_as_what_it_is_in_every_text_of_its_view"),
        ("browser/test_attention_findings", "all_heads_name_the_first_token_and_the_separator_layer_by_layer"),
        ("browser/test_attention_findings", "the_sentence_holds_for_the_model_on_screen"),
    ),
    68: (
        ("browser/test_attention_tokens", "two_equal_words_are_told_apart_by_their_places"),
        ("browser/test_attention_tokens", "several_tokens_are_chosen_at_once_and_their_numbers_summed"),
        ("browser/test_attention_tokens", "a_long_press_on_a_touch_screen_adds_a_token_and_a_tap_chooses_one"),
    ),
    69: (
        ("core/text/test_attend", "padding_is_masked_and_leaves_every_other_number_as_it_was"),
        (
            "browser/test_attention_tokens",
            "inside_a_head_a_token_of_padding_can_be_switched_on_and_the_mask_column_differs",
        ),
        (
            "browser/test_attention_tokens",
            "inside_a_head_a_long_text_is_there_at_once_and_says_how_far_it_is",
        ),
    ),
    70: (
        (A, "a_palette_whose_indices_were_reordered_is_read_by_its_greys"),
        (A, "a_palette_whose_indices_were_reordered_is_read_by_ade20ks_colours"),
        (A, "a_palette_of_other_colours_whose_indices_may_have_been_reordered_is_refused"),
        (C, "an_annotation_scores_as_its_plain_form_does"),
    ),
    71: (
        (A, "grey_ids_are_read_whatever_the_channels"),
        (C, "the_coloured_png_that_the_page_saves_scores_as_a_perfect_annotation"),
    ),
    72: (
        (A, "255_points_to_ids_from_zero_and_it_says_so"),
        (A, "how_numbers_count_can_be_chosen"),
        (A, "a_mask_in_black_and_white_is_refused"),
        (C, "numbers_that_seem_shifted_by_one_are_told_so_and_can_be_chosen"),
    ),
    73: (
        (A, "an_annotation_is_turned_as_its_exif_says"),
        (A, "an_annotation_drawn_over_the_unturned_picture_is_turned_as_that_is"),
    ),
    74: (
        (I, "a_picture_without_a_transparent_pixel_says_nothing_of_transparency"),
        (I, "a_small_range_of_sixteen_bits_is_stretched_and_it_says_so"),
        ("browser/test_cifar", "a_picture_of_just_32_by_32_is_not_said_to_be_scaled"),
    ),
    75: (
        (P, "a_long_picture_says_how_it_is_squeezed_and_what_that_costs"),
        ("core/scene/test_squeeze", "the_bundled_model_is_measured_and_squeezing_costs_it_something"),
    ),
    76: (
        (B, "the_boxes_for_pictures_list_the_kinds_that_are_read"),
        (B, "a_heic_photo_that_the_browser_can_show_is_made_a_jpeg_there"),
        (B, "a_heic_photo_that_the_browser_cannot_show_is_refused_with_a_sentence"),
        (V, "an_avif_is_read"),
        (V, "a_picture_larger_than_its_header_says_is_refused_before_it_is_decoded"),
    ),
    77: (
        (B, "the_tip_says_what_is_there_after_a_click_and_after_enter"),
        (B, "all_heads_are_drawn_in_one_scale_which_is_shown"),
    ),
    78: (
        (B, "colours_fade_where_the_model_is_unsure_until_somebody_wants_them_full"),
        (P, "an_overlay_that_fades_is_as_strong_as_the_model_is_sure"),
        (P, "a_picture_of_weak_scores_is_doubtful_by_what_was_measured_for_its_model"),
        ("core/scene/test_doubt", "what_was_measured_tells_doubtful_pictures_from_others"),
    ),
    79: (
        ("core/test_metrics", "equivalence_is_two_one_sided_tests_of_paired_answers"),
        ("core/lab/test_claims", "one_claim_has_one_verdict_in_both_labs"),
        ("core/learn/test_claims", "two_cases_give_no_interval_and_no_verdict_that_needs_one"),
        ("core/learn/test_claims", "how_many_cases_there_are_is_known_before_any_is_drawn"),
    ),
    80: (
        ("core/test_metrics", "what_is_undefined_is_none_and_left_out_of_the_mean"),
        ("core/test_metrics", "the_class_report_is_scikit_learns"),
        ("components/cifar/test_messages", "the_report_of_an_evaluation_is_scikit_learns"),
    ),
    81: (
        ("browser/test_cifar", "chips_and_report_count_what_the_matrix_counts_while_it_grows"),
        ("browser/test_learn", "no_text_of_another_station_stands_under_the_number_of_this_one"),
        ("core/models/test_catalog", "a_model_has_one_count_of_parameters_wherever_it_stands"),
    ),
    82: (
        ("core/text/test_attend", "for_a_classifier_leaving_a_token_out_moves_the_probability_of_positive"),
        (
            "browser/test_attention_findings",
            "leaving_a_token_out_of_the_sentiment_model_is_told_as_the_change_of_p_positive",
        ),
    ),
    83: (
        ("components/learn/test_tab", "a_recorded_curve_stands_under_the_name_of_the_model_that_was_trained"),
        ("components/learn/test_tab", "the_walk_and_the_quiz_agree_that_pixels_can_be_a_target"),
        ("browser/test_learn", "a_recorded_curve_names_the_model_that_was_trained"),
    ),
    84: (
        ("core/test_plurals", "one_token_and_one_picture_are_said_so"),
        ("core/test_plurals", "no_english_text_prints_a_count_before_a_plural_of_its_own"),
        ("core/test_plurals", "python_and_the_page_say_the_same"),
        ("core/test_plurals", "a_field_of_a_form_says_what_it_takes_and_an_empty_one_is_empty"),
        ("core/test_plurals", "no_sentence_about_a_value_shows_pythons_none"),
        ("core/test_checks", "what_is_no_number_in_a_link_is_none"),
    ),
    85: (
        ("browser/test_exports", "a_saved_picture_is_wide_and_says_sentence_model_layer_and_head"),
        ("browser/test_exports", "on_a_phone_a_picture_is_as_wide"),
        ("browser/test_cifar", "views_are_exported_as_csv_and_png"),
    ),
    86: (
        ("browser/test_cifar", "a_white_picture_is_said_to_have_nothing_on_it_and_a_class_to_be_forced"),
        ("browser/test_cifar", "the_square_of_a_wide_picture_is_chosen_by_slider_and_by_pointer"),
        ("browser/test_cifar", "the_matrix_is_normalised_by_what_was_said_too"),
        ("components/cifar/test_messages", "an_upload_is_cut_where_the_page_says"),
    ),
    87: (
        ("browser/test_address", "a_reload_and_another_language_keep_sentence_view_and_layer"),
        ("browser/test_address", "a_link_inside_the_app_opens_without_a_new_page_and_the_way_back_does_too"),
        ("browser/test_address", "a_picture_of_ones_own_survives_a_reload_and_stays_in_its_tab"),
        ("browser/test_address", "a_text_too_long_for_a_link_survives_a_reload_until_its_owner_deletes_it"),
    ),
    88: (
        ("browser/test_lesson", "a_quiet_link_says_which_layer_and_head_is_shown"),
        ("browser/test_cifar", "a_recorded_run_says_so_and_lists_cells_without_pictures"),
        ("browser/test_segmentation", "a_picture_of_a_step_that_does_not_come_says_so_and_is_asked_for_again"),
    ),
    89: (
        ("browser/test_accessibility", "a_list_and_a_form_over_the_page_close_when_the_keyboard_moves_on"),
        ("browser/test_attention_tokens", "ramps_start_from_the_pages_own_colour"),
    ),
    90: (
        ("browser/test_persian", "a_page_opens_with_a_sentence_in_its_language_where_a_model_can_read_it"),
        ("browser/test_persian", "captions_run_from_the_right_even_beside_pictures_that_do_not"),
        ("browser/test_persian", "the_caption_of_the_heads_says_which_side_asks"),
        ("browser/test_persian", "a_sentence_has_persian_digits_and_a_matrix_latin_ones"),
        ("core/test_plurals", "no_persian_sentence_has_a_latin_number_between_persian_words"),
    ),
    91: (
        (G, "a_course_page_may_show_it_where_the_setting_names_its_origin"),
        ("core/test_settings", "a_pattern_a_path_and_plain_http_are_no_origins"),
    ),
    92: ("browser/test_segmentation", "no_line_of_the_code_is_cut"),
}


@pytest.mark.parametrize("number", range(1, 93))
def test_a_fault_has_a_test_that_exists(number: int) -> None:
    proofs = PROOFS[number]
    for file, name in proofs if isinstance(proofs[0], tuple) else (proofs,):
        text = (Path(__file__).parent / f"{file}.py").read_text("utf-8")
        assert re.search(rf"def test_{name}\(", text), f"{file}.py has no test_{name}"
