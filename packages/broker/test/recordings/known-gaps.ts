import type { ServiceName } from './wire.ts';

const dedupScope =
  'AWS documents that a changed attribute takes up to 60 s to count, and went on with the old DeduplicationScope when this was recorded; ours counts at once';

/** Several gaps of one reason. */
const because = (reason: string, names: string[]): Record<string, string> =>
  Object.fromEntries(names.map((name) => [name, reason]));

/**
 * Recorded scenarios in which our broker answers otherwise than AWS, by name, each with the reason. A gap
 * that has a scenario fails the suite as soon as it passes: strike it from here then.
 */
export const knownGaps: Record<ServiceName, Record<string, string>> = {
  sqs: {
    'test_fifo_change_to_high_throughput_after_creation[sqs]': dedupScope,
    'test_fifo_change_to_high_throughput_after_creation[sqs_query]': dedupScope,
  },
  sns: {
    test_delete_subscriptions_on_delete_topic:
      'AWS still shows a subscription for a while after its topic is gone; ours goes with the topic',
    test_cross_region_delivery_sqs:
      'a broker has one region, so there is no queue in another one to deliver to',
    ...because('a later issue: subscriptions of functions; only queues can subscribe', [
      'test_python_lambda_subscribe_sns_topic',
      'test_sns_topic_as_lambda_dead_letter_queue',
      'test_redrive_policy_lambda_subscription',
      'test_delivery_lambda',
      'test_publish_lambda_verify_signature[1]',
      'test_publish_lambda_verify_signature[2]',
    ]),
    ...because(
      'a later issue: HTTP(S) subscriptions, which have to confirm; only queues can subscribe',
      [
        'test_subscribe_external_http_endpoint[True]',
        'test_subscribe_external_http_endpoint[False]',
        'test_http_subscription_response',
        'test_subscribe_external_http_endpoint_content_type[True]',
        'test_subscribe_external_http_endpoint_content_type[False]',
        'test_subscribe_external_http_endpoint_lambda_url_sig_validation',
        'test_creating_subscription',
        'test_confirm_subscription',
      ],
    ),
    ...because('a later issue: SMS; only queues can subscribe', [
      'test_list_subscriptions_by_topic_pagination',
      'test_subscribe_sms_endpoint',
      'test_subscribe_sms',
      'test_subscribe_sms_obscure_phone_number',
      'test_check_not_opted_out',
      'test_check_opted_out',
      'test_check_opted_out_invalid',
      'test_list_opted_out',
      'test_opt_in',
      'test_set_get_sms_attributes',
      'test_set_invalid_sms_attributes[InvalidAttributeName]',
      'test_set_invalid_sms_attributes[TooLongID]',
      'test_set_invalid_sms_attributes[NoLetterID]',
      'test_set_invalid_sms_attributes[InvalidSMSType]',
      'test_get_sms_attributes_from_unmodified_region',
      'test_is_phone_number_opted_out',
      'test_list_phone_numbers_opted_out',
      'test_opt_in_phone_number',
      'test_opt_in_non_existing_phone_number',
      'test_opt_in_invalid_number',
    ]),
    ...because(
      'a later issue: mobile push (platform applications and endpoints); only queues can subscribe',
      [
        'test_create_platform_application',
        'test_list_platform_applications',
        'test_create_platform_application_invalid_attributes[no-args]',
        'test_create_platform_application_invalid_attributes[missing-credential]',
        'test_create_platform_application_invalid_attributes[missing-principal]',
        'test_create_platform_application_invalid_name[too-long]',
        'test_create_platform_application_invalid_name[empty]',
        'test_create_platform_application_invalid_name[invalid-char]',
        'test_create_platform_application_invalid_platform',
        'test_get_platform_application_attributes_invalid_arn',
        'test_get_platform_application_attributes',
        'test_set_platform_application_attributes',
        'test_get_platform_application_attributes_non_existing_app',
        'test_set_platform_application_attributes_invalid_arn',
        'test_set_platform_application_attributes_non_existing_app',
        'test_set_platform_application_attributes_non_existing_app[no-args]',
        'test_set_platform_application_attributes_non_existing_app[missing-credential]',
        'test_set_platform_application_attributes_non_existing_app[missing-principal]',
        'test_set_platform_application_attributes_non_existing_app[dummy-args]',
        'test_create_platform_endpoint',
        'test_create_platform_endpoint_idempotency',
        'test_create_platform_endpoint_non_existent_app',
        'test_list_platform_endpoints',
        'test_delete_platform_endpoint',
        'test_delete_platform_endpoint_with_subscription',
        'test_delete_endpoints_of_deleted_app',
        'test_get_platform_endpoint_attributes',
        'test_set_platform_endpoint_attributes',
        'test_set_platform_endpoint_attributes_invalid_arn',
        'test_set_platform_endpoint_attributes_non_existent_endpoint',
        'test_set_platform_endpoint_attributes_invalid_attributes[Invalid_Name_Principal]',
        'test_set_platform_endpoint_attributes_invalid_attributes[Invalid_Name_Credential]',
        'test_set_platform_endpoint_attributes_invalid_attributes[Invalid_Name_Generic]',
        'test_set_platform_endpoint_attributes_invalid_attributes[Data_Too_Long]',
        'test_get_platform_endpoint_attributes_non_existent_endpoint',
        'test_set_platform_endpoint_attributes_invalid_attributes[Empty]',
        'test_create_platform_endpoint_with_invalid_attributes[Empty]',
        'test_create_platform_endpoint_with_invalid_attributes[Invalid_Name_Principal]',
        'test_create_platform_endpoint_with_invalid_attributes[Invalid_Name_Credential]',
        'test_create_platform_endpoint_with_invalid_attributes[Invalid_Name_Generic]',
        'test_create_platform_endpoint_with_invalid_attributes[Data_Too_Long]',
        'test_create_platform_endpoint_double_custom_data',
        'test_create_platform_endpoint_custom_data',
      ],
    ),
  },
};
